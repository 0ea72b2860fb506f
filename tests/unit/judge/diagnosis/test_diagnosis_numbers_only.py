from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge.diagnosis import Failure, numbers_only

VECTOR = np.array([-2.0, 0.5])


def ambiguous(source: str, x: Any = VECTOR, expected: Any = VECTOR) -> Failure:
    text = "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"
    return Failure((x,), expected, "ValueError", text, source)


def unconverted(source: str, count: str = "0-dimensional", x: Any = VECTOR) -> Failure:
    return Failure((x,), x, "TypeError", f"only {count} arrays can be converted to Python scalars", source)


def says(*failures: Failure, answered: Any = ()) -> str:
    found = numbers_only(answered, failures)
    return found.says if found else ""


@pytest.mark.parametrize(
    "source",
    ["if x > 0:", "elif x == 0:", "return max(0, x)", "return 1 if 0 <= x else -1", "if x > 0 and x < 9:"],
)
def test_a_branch_for_one_number(source: str) -> None:
    assert "np.where, np.maximum" in says(ambiguous(source), answered=[(np.array([3.0]),)])


@pytest.mark.parametrize(
    "source",
    [
        "y = np.where(x > 0 and x < 9, x, 0)",
        "y = x > 0 and x",
        "if x == None:",
        "if x in seen:",
        "while step > tol:",
        "assert x > 0",
        "if not x:",
        "if x.size == 0 or x:",
    ],
)
def test_a_branch_that_asks_something_else(source: str) -> None:
    assert not says(ambiguous(source))


@pytest.mark.parametrize("count", ["0-dimensional", "length-1", "size-1"])
@pytest.mark.parametrize("source", ["return 1 / (1 + math.exp(-x))", "y = m.log(x)", "exp(x)", "x = float(x)"])
def test_a_function_of_one_number(source: str, count: str) -> None:
    assert "np.exp" in says(unconverted(source, count))


def test_numpy_s_functions_are_none_of_these() -> None:
    assert not says(unconverted("out[i] = np.exp(x)"))


def test_both_are_told_where_both_are_met() -> None:
    both = says(ambiguous("if x > 0:"), unconverted("return math.exp(x)", x=np.array([1.0])))
    assert "np.where" in both
    assert "np.exp" in both


def test_an_array_that_was_taken_speaks_against_it() -> None:
    assert not says(ambiguous("if x > 0:"), answered=[(np.array([1.0, 2.0]),)])


def test_so_does_any_other_exception() -> None:
    assert not says(ambiguous("if x > 0:"), Failure((VECTOR,), VECTOR, "IndexError", "out of bounds", "x[9]"))
    assert not says(ambiguous("if x > 0:"), Failure((VECTOR,), VECTOR, "ValueError", "truth", "if x > 0:"))


def test_only_a_function_of_each_entry_has_this_remedy() -> None:
    assert not says(ambiguous("if x > 0:", expected=1.5))
    assert not says(ambiguous("if x > 0:"), ambiguous("if x > 0:", np.eye(3), np.ones(3)))
    assert not says(ambiguous("if x > 0:", expected=None))
    assert not says(ambiguous("m = max(x)", np.eye(3), np.eye(3)))


def test_without_an_exception_there_is_nothing_to_explain() -> None:
    assert not says(answered=[(np.array([3.0]),)])
