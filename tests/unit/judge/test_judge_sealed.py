from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nst

from grader.judge.compare import Terms, compare
from grader.judge.printed import compare_printed
from grader.judge.sealed import COST, is_exact, opens, seal
from grader.judge.verdict import Right, Wrong
from grader.wire import Opaque

CHEAP = 1
HALF = Fraction(1, 2)
TERMS = Terms(1e-6, 1e-9, shape_credit=HALF)


def judged(due: Any, got: Any, *, printed: bool = False) -> Right | Wrong:
    return opens(seal((due,), b"salt", printed=printed, cost=CHEAP), got, printed=printed, shape_credit=HALF)


@pytest.mark.parametrize(
    ("due", "got"),
    [
        (64, 64.0),
        (64, np.int32(64)),
        (64, np.float32(64)),
        (64, np.array(64)),
        (64, 64 + 0j),
        (0, -0.0),
        (2**53 + 1, float(2**53)),
        (2**70 + 1, 2**70 + 1),
        (2**70 + 1, float(2**70)),
        (10**400, 10**400),
        (((2, 3), (2,)), [[2, 3], [2]]),
        (((2, 3), (2,)), (np.array([2, 3]), np.array([2.0]))),
        ((1, 0), np.array([True, False])),
        ((True, False), np.array([True, False])),
        ([1, 2, 3], np.array([1, 2, 3], dtype=np.uint8)),
        (np.array([1, 0]), [True, False]),
        (np.array([[1, 2], [3, 4]]), ((1, 2.0), [3, 4])),
        (np.array([True, False]), [1, 0]),
        ("text", "text"),
        (b"bytes", b"bytes"),
        (True, np.bool_(True)),
        ({"b": 1, "a": [2]}, {"a": (2.0,), "b": 1}),
        (None, None),
    ],
)
def test_equal_forms_open_the_seal(due: Any, got: Any) -> None:
    assert compare(due, got, TERMS) == Right()
    assert judged(due, got) == Right()


@pytest.mark.parametrize(
    ("due", "got"),
    [
        (64, 65),
        (64, 64.0000001),
        (64, float("nan")),
        (64, None),
        (64, "64"),
        (64, Opaque("thing")),
        (1, True),
        (True, 1),
        (True, "True"),
        (2**70 + 1, 2**70),
        ([1, 0], [True, False]),
        ((2, 3), (3, 2)),
        ((2, 3), (2, 3, 0)),
        ((2, 3), 2),
        ("a", "b"),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, [1]),
        (np.array([1, 2]), [1, 3]),
    ],
)
def test_anything_else_does_not_and_hears_nothing(due: Any, got: Any) -> None:
    assert isinstance(compare(due, got, TERMS), Wrong)
    verdict = judged(due, got)
    assert isinstance(verdict, Wrong)
    assert (verdict.reason, verdict.credit) == ("the answer is wrong", Fraction(0))
    assert verdict.detail.startswith("got ")
    assert verdict.detail.endswith("; the right answer is sealed")


@pytest.mark.parametrize(
    ("due", "got"),
    [(64, [64]), (np.array([1, 2]), [[1], [2]]), ([1, 2], np.array([[1, 2]])), (np.array([[3]]), 3)],
)
def test_right_values_in_a_wrong_shape_earn_what_they_earn_openly(due: Any, got: Any) -> None:
    openly = compare(due, got, TERMS)
    verdict = judged(due, got)
    assert isinstance(openly, Wrong)
    assert isinstance(verdict, Wrong)
    assert (verdict.reason, verdict.credit) == (openly.reason, HALF)
    assert verdict.detail == f"got shape {np.shape(got)}"


@pytest.mark.parametrize(
    ("got", "shown"),
    [
        (63.99999999999999, "63.99999999999999, which is no whole number"),
        (np.float64(64.5), "64.5, which is no whole number"),
        (63.0, "63.0"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
)
def test_a_number_that_is_off_in_its_last_place_is_not_shown_as_the_right_one(got: Any, shown: str) -> None:
    assert judged(64, got) == Wrong("the answer is wrong", f"got {shown}; the right answer is sealed")


def test_a_boolean_earns_no_shape_credit() -> None:
    assert judged(1, [True]) == Wrong("the answer is wrong", "got [True]; the right answer is sealed")
    assert judged(True, [True]) == Wrong("the answer is wrong", "got [True]; the right answer is sealed")


@pytest.mark.parametrize(
    ("got", "right"), [("1, 2  ok\n", True), ("[1.0 2.] ok", True), ("1 3 ok", False), ("1 2", False)]
)
def test_a_printed_text_is_its_words(got: str, *, right: bool) -> None:
    assert isinstance(compare_printed("1 2 ok", got, TERMS), Right) == right
    assert isinstance(judged("1 2 ok", got, printed=True), Right) == right


def test_of_several_right_answers_each_opens_it() -> None:
    check = seal((1, (2, 3)), b"", cost=CHEAP)
    for got in (1.0, [2, 3]):
        assert opens(check, got, printed=False, shape_credit=HALF) == Right()


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (1, True), (True, True), ("a", True), (b"", True), (None, True), ((1, [2, "x"]), True), ({"a": 1}, True),
        (np.array([1]), True), (np.bool_(True), True), (1.0, False), (1j, False), (np.float64(1), False),
        (np.array([1.0]), False), ((1, 2.0), False), ({"a": 0.5}, False),
    ],
)  # fmt: skip
def test_what_is_exact(value: Any, *, exact: bool) -> None:
    assert is_exact(value) == exact


@pytest.mark.parametrize(("text", "exact"), [("3 apples", True), ("1.0", True), ("1.5", False), ("nan", False)])
def test_what_is_exact_of_a_printed_text(text: str, *, exact: bool) -> None:
    assert is_exact(text, printed=True) == exact


def test_a_guess_costs_time_and_the_salt_is_part_of_it() -> None:
    started = time.perf_counter()
    first = seal((7,), b"a")
    assert (
        time.perf_counter() - started >= 2 * 0.025
    )  # the answer and its squeezed form, on the fastest of machines
    assert (first.cost, len(first.digests), len(first.squeezed)) == (COST, 1, 1)
    assert seal((7,), b"b").digests != first.digests


leaves = st.one_of(
    st.integers(-3, 3),
    st.booleans(),
    st.sampled_from(["", "a"]),
    st.integers(2**53 - 2, 2**53 + 2),
    st.just(2**70),
)
arrays = nst.arrays(st.sampled_from([np.int64, np.bool_, np.uint8]), st.sampled_from([(2,), (1, 2), (2, 1)]),
                    elements=st.integers(0, 1))  # fmt: skip
exact_values = st.one_of(
    leaves,
    st.lists(st.integers(0, 2), min_size=1, max_size=2),
    st.tuples(leaves),
    st.tuples(leaves, leaves),
    arrays,
)
answers = st.one_of(
    exact_values,
    exact_values.map(lambda value: [value]),
    st.sampled_from([0.0, 1.0, 0.5, 2.0**53]),
    arrays.map(lambda value: value.astype(float)),
)


@given(exact_values, answers)
def test_a_seal_and_the_judge_agree(due: Any, got: Any) -> None:
    openly, verdict = compare(due, got, TERMS), judged(due, got)
    assert isinstance(openly, Right) == isinstance(verdict, Right), (openly, verdict)
