"""An exam, tasks, and a way to grade without a box."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.batch import Finished, NoBox, Task, grader_of
from grader.grade import Exam
from grader.key import compile_rubric
from grader.rubric import load_rubric


@pytest.fixture
def exam(small: Path) -> Exam:
    file = small / "rubrics" / "small.yaml"
    compiled = compile_rubric(load_rubric(file), file.parent)
    return Exam.of(compiled.plan, compiled.key)


@pytest.fixture
def tasks(small: Path) -> list[Task]:
    """Four, of files that differ."""
    made = []
    for number in range(4):
        file = small / f"s{number}.py"
        file.write_text(f"NUMBER = {number}\n")
        made.append(Task(f"s{number}", file))
    return made


@pytest.fixture
def give_up(exam: Exam) -> Callable[[Task, str], Finished]:
    return lambda task, problem: grader_of(exam, NoBox(problem), lambda: (0.0, "now"))(task)
