"""Grade every example anew and write its report beside the tests: for a change that is meant. Read the diff."""

from __future__ import annotations

from golden_reports import EXAMPLES, FOLDER, approved_text, graded

for example in sorted(EXAMPLES.glob("*.py")):
    target = FOLDER / example.stem / "report.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(approved_text(graded(example.stem)), encoding="utf-8")
