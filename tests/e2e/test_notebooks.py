"""Notebooks from the file to the report: whatever is in one costs what it should and nothing else."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_right_in_other_clothes import ROOT, graded

from grader.grade import Exam, grade
from grader.key import compile_rubric
from grader.report import Report
from grader.rubric import load_rubric
from grader.sandbox import ProcessBox
from grader.submission import read_submission

RUBRIC = """
assignment: small
reference: reference.py
limits: {seconds: 2, import_seconds: 2}
questions:
  - id: "1"
    title: One
    parts:
      - {id: 1A, title: Double, points: 2, function: double, cases: [{args: {x: [1, 2, 3]}}]}
      - {id: 1B, title: Why, points: 3, written: WHY, criteria: [reasons]}
"""
REFERENCE = "def double(x):\n    return 2 * x\n"
DOUBLE = "def double(x):\n    return 2 * x"

Grade = Callable[..., Report]


def code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": text}


def markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


@pytest.fixture(scope="module")
def grade_cells(tmp_path_factory: pytest.TempPathFactory, shared_box: ProcessBox) -> Grade:
    folder = tmp_path_factory.mktemp("course")
    (folder / "rubric.yaml").write_text(RUBRIC)
    (folder / "reference.py").write_text(REFERENCE)
    exam = Exam.of(*compile_rubric(load_rubric(folder / "rubric.yaml"), folder)[:2])

    def run(*cells: Any, content: bytes | None = None, beside: dict[str, str] | None = None) -> Report:
        handed = tmp_path_factory.mktemp("handed")
        file = handed / "hw.ipynb"
        whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}
        file.write_bytes(json.dumps(whole).encode() if content is None else content)
        for name, text in (beside or {}).items():
            (handed / name).write_text(text)
        submission = read_submission(handed if beside else file, "anna", entry="hw.ipynb" if beside else "")
        return grade(exam, submission, shared_box, lambda: (0.0, ""))

    return run


def scores(report: Report) -> tuple[float, float]:
    return float(report.score or 0), float(report.pending_points)


def test_code_and_prose_are_marked(grade_cells: Grade) -> None:
    report = grade_cells(code(f"%matplotlib inline\n{DOUBLE}\ndisplay(3)"), markdown("## 1B\nFor a *reason*."))
    assert (report.status, scores(report), report.messages) == ("graded", (2.0, 3.0), ())
    assert "For a *reason*." in report.parts[1].cases[0].staff_message
    assert report.submission.files[0].name == "hw.ipynb"


def test_messages_name_cell_and_line(grade_cells: Grade) -> None:
    report = grade_cells(
        markdown("# Start"), code("x = 1"), code(" "),
        code("import numpy\n\nprint(numpy.log(-1.0))\n1 / 0\nprint(2)"),
        code("def double(x):\n    y = x\n    return y.nothing"), code("for"),
    )  # fmt: skip
    assert report.messages[1:] == (
        "Left out: cell 2, line 5.",
        "Cell 2, line 4 raised ZeroDivisionError: division by zero.",
        "Cell 4, line 1: this is not Python, and the whole cell was left out: invalid syntax.",
    )
    (case,) = report.parts[0].cases
    assert "in cell 3, line 3: `return y.nothing`" in case.message
    assert 'File "hw.ipynb", cell 3, line 3, in double' in case.staff_message
    assert any("hw.ipynb, cell 2, line 3: RuntimeWarning" in message for message in report.staff_messages)


def test_a_cell_that_costs_the_worker_costs_itself_only(grade_cells: Grade) -> None:
    report = grade_cells(
        code("total = 1\nimport os; os._exit(3)\nn = 7"),
        code("for _ in range(2):\n    total += 1"),
        code("@print\ndef ignored(): pass\nclass Bad:\n    os.abort()"),
        code(f"import math\nwhile True: pass\n{DOUBLE}"),
        code("total += 1\nfactor = [2, total][total == 4]\ndef double(x):\n    return x / 2 * factor"),
        markdown("# 1B\nx"),
    )
    assert (report.messages[1:], scores(report)) == (
        (
            "Cell 1, line 2 was left out: it ended the Python process with exit status 3.",
            "Cell 3, line 3 was left out: the Python process was ended by SIGABRT.",
            "Cell 4, line 2 was left out: your notebook did not get past it within 2 s.",
        ),
        (2.0, 3.0),
    )


def test_a_text_in_the_code_comes_first(grade_cells: Grade) -> None:
    report = grade_cells(code("WHY = 'by the code'"), markdown("## 1B\nby hand"))
    assert "by the code" in report.parts[1].cases[0].staff_message
    assert "by hand" not in report.parts[1].cases[0].staff_message


def test_the_prose_of_a_notebook_without_python_counts(grade_cells: Grade) -> None:
    assert scores(grade_cells(code("def"), markdown("## 1B\nby hand"))) == (0.0, 3.0)
    assert scores(grade_cells(markdown("## 1B\nby hand"))) == (0.0, 3.0)


def test_a_file_that_is_no_notebook_is_a_graded_zero_that_says_why(grade_cells: Grade) -> None:
    report = grade_cells(content=b"{")
    assert (report.status, scores(report)) == ("unreadable", (0.0, 0.0))
    assert "this notebook cannot be used: it is not JSON" in report.messages[0]


def test_too_much_code_is_not_read(grade_cells: Grade) -> None:
    report = grade_cells(code("x = 1\n" * 50_000))
    assert "its code has 300001 bytes; at most 262144 are read" in report.messages[0]


def test_it_can_import_and_read_what_lies_beside_it(grade_cells: Grade) -> None:
    cells = [code("from helper import double\nn = len(open('data.csv').read())\nassert n == 3\nk = n")]
    report = grade_cells(*cells, beside={"helper.py": DOUBLE, "data.csv": "1,2"})
    assert (scores(report), report.messages) == ((2.0, 0.0), ())


def test_where_the_library_is_missing_the_machine_is_at_fault(
    grade_cells: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "nbformat", None)
    report = grade_cells(code(DOUBLE))
    assert (report.status, report.score) == ("host_fault", None)
    assert report.staff_messages == (
        "notebooks are read with nbformat, which is not installed here: pip install nbformat",
    )


PERFECT = (ROOT / "submissions_example" / "perfect.py").read_text(encoding="utf-8")
AMONG = [
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nfrom google.colab import drive\ncd /content",
    "plt.subplots()[1].plot([1, 2])\nplt.show()", "assert False, 'my test'", "%%bash\nls", "for (",
    "n = int(input())", "files = !ls\nprint(files)", "%timeit f(1)", "import os\nos._exit(0)",
    "  x = 1\n  display(x)", "np.exp?",
    "from tqdm.notebook import tqdm\nfor _ in tqdm(range(3)): pass",
]  # fmt: skip


def cells_of(source: str) -> list[tuple[str, str]]:
    """Return the statements of a file, and of each that is a written answer its variable and text."""
    lines, end, found = source.split("\n"), 0, []
    for node in ast.parse(source).body:
        text, end = "\n".join(lines[end : node.end_lineno]).strip("\n"), node.end_lineno or 0
        if isinstance(node, ast.Assign) and text.startswith("ANSWER_"):
            found.append((text.partition(" ")[0], ast.literal_eval(node.value)))
        else:
            found.append(("", text))
    return found


@pytest.mark.parametrize("form", ["one cell", "a cell each", "among others"])
def test_a_right_answer_is_right_in_every_form_of_a_notebook(
    form: str, tmp_path: Path, shared_box: ProcessBox
) -> None:
    cells = [code(PERFECT)]
    if form != "one cell":
        cells = [code(f"{name} = {text!r}" if name else text) for name, text in cells_of(PERFECT)]
    if form == "among others":
        cells = [code("def relu(x):\n    raise NotImplementedError")]
        for number, (name, text) in enumerate(cells_of(PERFECT)):
            part = name.removeprefix("ANSWER_")
            cells.append(markdown(f"### Question {part} : pourquoi ?\n{text}") if name else code(text))
            cells += [markdown(f"## Étape {number}"), code(AMONG[number % len(AMONG)])]
    file = tmp_path / "devoir (3).ipynb"
    file.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": cells}))
    report = graded("hw3", file, shared_box)
    assert report.score is not None
    assert (float(report.score), report.score + report.pending_points) == (94.0, report.max_score)
    assert (report.messages == ()) is (form != "among others")
