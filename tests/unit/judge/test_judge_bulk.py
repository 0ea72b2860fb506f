from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import outcome as oc
from grader.judge.answers import Question, judge_answer
from grader.judge.bulk import Bulk
from grader.judge.checks import Equals, Holds, Variant
from grader.judge.compare import Terms
from grader.judge.verdict import Right
from grader.plan import Call
from grader.wire import Opaque, Value

TERMS = Terms(rtol=1e-6, atol=1e-9)
VECTOR = np.array([1.0, -2.0, 0.0])


def question(*expected: Value, terms: Terms = TERMS) -> Question:
    variants = tuple(Variant("", value) for value in expected)
    return Question("f(x)", ("x",), (Call("f", (1.0,)),), (Equals(variants),), terms)


def holds(expected: Value, got: Value, terms: Terms = TERMS) -> bool:
    bulk = Bulk.of([question(expected, terms=terms)])
    assert bulk is not None
    return bulk.holds([oc.Answered(got)])


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1.5, 1.5 + 1e-7),
        (1.5, np.float64(1.5)),
        (np.float64(1.5), 1.5),
        (VECTOR, VECTOR + 5e-10),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (7, 7),
        ((VECTOR, 2.0, [3]), [VECTOR.copy(), 2.0, (3,)]),
        ((), []),
    ],
    ids=str,
)
def test_what_is_right_beyond_doubt(expected: Value, got: Value) -> None:
    assert holds(expected, got)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1.5, 1.6),
        (1.5, "1.5"),
        (1.5, float("nan")),
        (1.5, np.array(1.5)),
        (1.0, 1),
        (1.0, True),
        (7, 7.0),
        (7, 8),
        (1, True),
        (VECTOR, VECTOR[:, None]),
        (VECTOR, VECTOR.astype(np.float32)),
        (VECTOR, VECTOR.tolist()),
        (VECTOR, np.array([1.0, -2.0, np.inf])),
        (VECTOR, np.full(3, 1e308)),
        ((VECTOR, 2.0), (VECTOR, 2.0, 2.0)),
        ((VECTOR, 2.0), (2.0, VECTOR)),
        ((VECTOR, 2.0), (VECTOR, Opaque("set"))),
    ],
    ids=str,
)
def test_anything_else_is_the_judges(expected: Value, got: Value) -> None:
    assert not holds(expected, got)


def test_all_cases_are_looked_at() -> None:
    bulk = Bulk.of([question(1.0), question(VECTOR), question((2.0, VECTOR))])
    assert bulk is not None
    right: list[oc.Result] = [oc.Answered(1.0), oc.Answered(VECTOR), oc.Answered((2.0, VECTOR))]
    assert bulk.holds(right)
    for number in range(3):
        for other in (oc.Answered(3.0), oc.Answered(VECTOR + 1.0), oc.TimedOut(2.0)):
            assert not bulk.holds([*right[:number], other, *right[number + 1 :]])


@pytest.mark.parametrize(
    "other",
    [
        question(None),
        question("text"),
        question({"a": 1.0}),
        question(np.array([1, 2])),
        question(np.array(1.0)),
        question(float("nan")),
        question(np.array([1.0, np.inf])),
        question((1.0, None)),
        question(1.0, terms=replace(TERMS, nonfinite=True)),
        replace(question(1.0), observe="printed"),
        replace(question(1.0), observe=("x",)),
        replace(question(1.0), calls=(Call("f", (1.0,)), Call("f", (2.0,)))),
        replace(question(1.0), checks=(Holds("finite"),)),
        replace(question(1.0), checks=(*question(1.0).checks, Holds("finite"))),
    ],
    ids=str,
)
def test_where_it_takes_more_than_this_nothing_is_decided(other: Question) -> None:
    assert Bulk.of([question(1.0), other]) is None


_NUMBERS = st.floats(allow_nan=True, allow_infinity=True, width=64) | st.sampled_from([0.0, 1.0, 1e-9, 1e308])
_ARRAYS = st.lists(_NUMBERS, max_size=3).map(np.array)
_VALUES = st.recursive(
    _NUMBERS | _NUMBERS.map(np.float64) | _ARRAYS | st.integers(-3, 3) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=4,
)


@given(_VALUES, _VALUES, st.sampled_from([0.0, 1e-9, 0.5]), st.sampled_from([0.0, 1e-6, 0.5]), st.booleans())
def test_what_it_calls_right_the_judge_does_too(
    expected: Any, other: Any, rtol: float, atol: float, same: bool
) -> None:
    asked = question(expected, terms=Terms(rtol, atol))
    bulk = Bulk.of([asked])
    result = oc.Answered(expected if same else other)
    if bulk is not None and bulk.holds([result]):
        assert judge_answer(asked, [oc.Outcome(result, 0.0, "")]) == Right()
