"""Grade every example anew, its report and results beside the tests: for a change that is meant. Read the diff."""

from __future__ import annotations

from golden_reports import FILES, FOLDER, approved_results, approved_text, graded

for name in FILES:
    report = graded(name)
    target = FOLDER / name
    target.mkdir(exist_ok=True)
    # First the results: the text of the report takes its times out.
    (target / "results.json").write_text(approved_results(report), encoding="utf-8")
    (target / "report.json").write_text(approved_text(report), encoding="utf-8")
