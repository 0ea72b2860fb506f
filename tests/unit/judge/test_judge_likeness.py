from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.judge.answers import Question
from grader.judge.compare import Terms
from grader.judge.likeness import alike
from grader.plan import Call
from grader.wire import Opaque


def question(observe: Any = "return", calls: int = 1) -> Question:
    terms = Terms(1e-6, 1e-9, shape_credit=Fraction(1, 2))
    return Question("f(x)", ("x",), (Call("f", (1,)),) * calls, (), terms, observe)


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        (1.5, 1.5 + 1e-7, True),
        (1.5, 1.6, False),
        (float("nan"), float("nan"), True),
        (np.array([1, np.inf]), [1, float("inf")], True),
        (np.array([1, np.inf]), [1, float("-inf")], False),
        ([1.0, 2.0], np.array([1.0, 2.0]), True),
        (np.array([1.0, 2.0]), np.array([[1.0], [2.0]]), False),
        (None, None, True),
        (None, 0.0, False),
        ("text", "text", True),
        (True, True, True),
        (1.5, Opaque("x"), False),
        (1.5, [Opaque("x")], False),
        ({"a": 1.0}, {"a": 1.0}, True),
        ({"a": 1.0}, {"b": 1.0}, False),
    ],
    ids=str,
)
def test_two_answers_are_alike_as_the_judge_sees_them(expected: Any, got: Any, same: bool) -> None:
    assert alike(question(), (expected,), (got,)) is same


def test_every_call_counts() -> None:
    assert alike(question(calls=2), (1.0, 2.0), (1.0, 2.0))
    assert not alike(question(calls=2), (1.0, 2.0), (1.0, 3.0))
    assert not alike(question(calls=2), (1.0, 2.0), (1.0,))


def test_printed_texts_are_compared_as_such() -> None:
    assert alike(question("printed"), ("sum 3.5",), ("sum  3.50\n",))
    assert not alike(question("printed"), ("sum 3.5",), ("sum 3.6",))


def test_arguments_after_the_call_are_compared_by_name() -> None:
    assert alike(question(("x",)), ({"x": np.ones(2)},), ({"x": np.ones(2)},))
    assert not alike(question(("x",)), ({"x": np.ones(2)},), ({"x": np.zeros(2)},))
