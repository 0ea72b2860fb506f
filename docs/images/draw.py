"""Draw README's picture: what `grade` prints for an example. Run from the project's folder."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

from rich.console import Console

from grader.grade import Exam, grade
from grader.key import compile_rubric
from grader.render.terminal import table
from grader.rubric import load_rubric
from grader.sandbox import ProcessBox
from grader.submission import read_submission

WIDTH = 124
PARTS = ("1A", "1F", "1G", "1H", "1I", "2J", "2K", "3A", "3B", "3C", "3D")

file = Path("rubrics/hw3.yaml")
exam = Exam.of(*compile_rubric(load_rubric(file), file.parent)[:2]).only(PARTS)
with contextlib.closing(ProcessBox()) as box:
    report = grade(exam, read_submission(Path("submissions_example/good.py"), "good"), box, lambda: (0.0, ""))
console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False)
console.print(table(report, student=False, width=WIDTH))
svg = console.export_svg(title=f"grade submissions_example/good.py --only {','.join(PARTS)}", unique_id="grade")
# Without the fonts that the picture would fetch from elsewhere: a reader's own monospace font does.
plain = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
Path("docs/images/grade.svg").write_text(plain, encoding="utf-8")
