from __future__ import annotations

import errno
from pathlib import Path

import pytest

from grader.errors import AuthorError, GraderError, HostError, Problem, UserError, told_by_the_system

FILE = Path("hw.yaml")


@pytest.mark.parametrize(
    ("error", "status"),
    [(UserError("no such file"), 2), (HostError("no process"), 3), (AuthorError([]), 2), (GraderError("x"), 2)],
)
def test_exit_statuses_say_whose_fault_it_is(error: GraderError, status: int) -> None:
    assert error.exit_status == status
    assert isinstance(error, GraderError)


def test_a_problem_names_file_line_and_field() -> None:
    assert (
        str(Problem(FILE, 12, "questions[0].id", "this is wrong")) == "hw.yaml:12: questions[0].id: this is wrong"
    )
    assert str(Problem(FILE, 1, "", "the file is empty")) == "hw.yaml:1: the file is empty"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
def test_a_problem_is_one_line_whatever_it_quotes(end: str) -> None:
    problem = Problem(FILE, 3, f"a{end}b", f"the reference raises ValueError: one{end}two")
    assert str(problem) == "hw.yaml:3: a b: the reference raises ValueError: one two"


def test_an_author_s_problems_stand_in_the_order_of_the_file_a_line_each() -> None:
    later, earlier, other = (
        Problem(FILE, 20, "b", "later"),
        Problem(FILE, 3, "z", "earlier"),
        Problem(Path("a.py"), 99, "", "other file"),
    )
    error = AuthorError([later, other, earlier])
    assert error.problems == (other, earlier, later)
    assert str(error).splitlines() == ["a.py:99: other file", "hw.yaml:3: z: earlier", "hw.yaml:20: b: later"]


def test_lines_are_ordered_as_numbers() -> None:
    problems = [Problem(FILE, line, "", "x") for line in (10, 9, 100)]
    assert [problem.line for problem in AuthorError(problems).problems] == [9, 10, 100]


def test_what_the_system_says_comes_with_what_to_do() -> None:
    told = told_by_the_system(OSError(errno.EMFILE, "Too many open files", "/dev/null"))
    assert told == "this process may not open enough files; allow it 64 or more, as `ulimit -n 64` does"
    assert told_by_the_system(OSError(errno.ENOSPC, "No space")) == f"[Errno {errno.ENOSPC}] No space"
