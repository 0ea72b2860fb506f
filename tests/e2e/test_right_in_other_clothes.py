"""A right answer is right in whatever it comes: all of `clothes` earn every automatic point, graded in the box."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import pytest

from grader.grade import Exam, grade
from grader.key import compile_rubric
from grader.report import Report
from grader.rubric import load_rubric
from grader.sandbox import ProcessBox
from grader.submission import read_submission

ROOT = Path(__file__).parents[2]
CLOTHES = Path(__file__).parent / "clothes"
WORN = {
    "hw3": [*sorted(CLOTHES.glob("*.py")), ROOT / "submissions_example" / "lists_and_loops.py"],
    "softmax_regression": sorted((CLOTHES / "softmax_regression").glob("*.py")),
}
PAIRS = [(assignment, file) for assignment, files in WORN.items() for file in files]


@functools.cache
def exam(assignment: str) -> Exam:
    file = ROOT / "rubrics" / f"{assignment}.yaml"
    return Exam.of(*compile_rubric(load_rubric(file), file.parent)[:2])


def graded(assignment: str, file: Path, box: ProcessBox) -> Report:
    return grade(exam(assignment), read_submission(file, file.stem), box, lambda: (0.0, ""))


@pytest.mark.parametrize(("assignment", "file"), PAIRS, ids=[f"{name}-{file.stem}" for name, file in PAIRS])
def test_it_earns_every_point_that_no_person_gives(assignment: str, file: Path, shared_box: ProcessBox) -> None:
    report = graded(assignment, file, shared_box)
    wrong = [
        case.staff_message for part in report.parts for case in part.cases if case.status in {"wrong", "no_answer"}
    ]
    assert wrong == []
    assert report.score is not None
    assert report.score + report.pending_points == report.max_score
    assert [finding for part in report.parts for finding in part.findings] == []


def test_there_are_enough_of_them_and_each_says_what_it_wears() -> None:
    assert len(WORN["hw3"]) >= 10
    assert len(WORN["softmax_regression"]) >= 2
    for _, file in PAIRS[:-3]:
        if file.is_relative_to(CLOTHES):
            assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
