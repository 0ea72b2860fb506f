from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.judge.compare import Terms, compare
from grader.judge.show import show
from grader.judge.verdict import Right, Wrong
from grader.wire import Opaque, Value, decode, encode

HALF = Fraction(1, 2)
TERMS = Terms(rtol=1e-6, atol=1e-9, shape_credit=HALF)
NONFINITE = Terms(rtol=1e-6, atol=1e-9, nonfinite=True, shape_credit=HALF)

# Whatever is text comes from a student or from a key, and must never stand in a reason.
MARKED = st.text(max_size=3).map("LEAK{}".format)
TYPES = st.sampled_from(list("?bhiqBHIQefdFD"))
ARRAYS = TYPES.flatmap(
    lambda code: hnp.arrays(np.dtype(code), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
)
SCALARS = TYPES.flatmap(lambda code: hnp.arrays(np.dtype(code), (1,))).map(lambda array: array[0])
INTEGERS = st.integers(-(2**70), 2**70) | st.sampled_from(
    [10**308, 10**309, 10**400, -(10**400), 2**63, 2**64 - 1]
)
NUMBERS = st.booleans() | INTEGERS | st.floats() | st.complex_numbers() | SCALARS
OURS = st.none() | NUMBERS | ARRAYS | MARKED | st.binary(max_size=3)
THEIRS = OURS | MARKED.map(Opaque) | st.sampled_from(["generator", "map", "fractions.Fraction"]).map(Opaque)


def nested(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.lists(inner, max_size=4).map(tuple)
            | st.dictionaries(MARKED, inner, max_size=3)
        ),
        max_leaves=8,
    )


def received(value: Any) -> Value:
    return decode(encode(value))


def is_right(expected: Any, got: Any, terms: Terms = TERMS) -> bool:
    return isinstance(compare(received(expected), received(got), terms), Right)


@given(nested(OURS))
@settings(max_examples=300)
def test_every_value_is_right_as_an_answer_to_itself(value: Any) -> None:
    assert is_right(value, value, NONFINITE)


@given(nested(OURS), nested(THEIRS), st.booleans())
@settings(max_examples=500)
def test_any_two_values_can_be_compared_and_the_reason_gives_no_text_away(
    expected: Any, got: Any, nonfinite: bool
) -> None:
    verdict = compare(received(expected), received(got), NONFINITE if nonfinite else TERMS)
    if isinstance(verdict, Wrong):
        assert verdict.credit in {0, HALF}
        assert verdict.reason
        assert "LEAK" not in verdict.reason


@given(nested(NUMBERS | ARRAYS), nested(NUMBERS | ARRAYS))
@settings(max_examples=200)
def test_a_reason_has_no_numbers_but_a_count_of_values(expected: Any, got: Any) -> None:
    verdict = compare(received(expected), received(got), TERMS)
    if isinstance(verdict, Wrong):
        numbers = {int(word) for word in "".join(c if c.isdigit() else " " for c in verdict.reason).split()}
        assert numbers <= {0, 1, 2, 3, 4}


SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=4)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
CLOSE = st.sampled_from([0.0, 0.5, 0.99, -0.99, 1.01, -1.01, 2.0, -1e9])


@given(st.data(), SHAPES)
@settings(max_examples=300)
def test_the_tolerance_decides_entry_by_entry(data: st.DataObject, shape: tuple[int, ...]) -> None:
    want = data.draw(hnp.arrays(np.float64, shape, elements=st.floats(-1e6, 1e6)))
    steps = data.draw(hnp.arrays(np.float64, shape, elements=CLOSE))
    got = want + steps * (1e-9 + 1e-6 * np.abs(want))
    # By the ruling's own words, in exact arithmetic but for what the steps leave clear of the bound.
    assert is_right(want, got) is bool((np.abs(steps) <= 1).all())


@given(hnp.arrays(np.float64, SHAPES, elements=st.floats(-1e3, 1e3)))
def test_how_an_array_is_held_does_not_matter(want: np.ndarray[Any, Any]) -> None:
    rows = want.tolist()
    for got in (rows, tuple(rows) if want.ndim else rows, list(want) if want.ndim else want[()], want.copy("F")):
        assert is_right(want, got)
    assert is_right(want, want.astype(np.longdouble))
    assert is_right(want, want.astype(complex))
    assert is_right(want, want.astype(np.float32)) is bool(
        (np.abs(want - want.astype(np.float32)) <= 1e-9 + 1e-6 * np.abs(want)).all()
    )


@given(hnp.arrays(np.float64, SHAPES, elements=st.floats(-1e3, 1e3)), SHAPES)
@settings(max_examples=200)
def test_another_shape_is_never_right_and_axes_of_length_one_earn_half(
    want: np.ndarray[Any, Any], shape: tuple[int, ...]
) -> None:
    if shape == want.shape:
        return
    got = np.resize(want, shape)
    verdict = compare(want, got, TERMS)
    assert isinstance(verdict, Wrong)
    only_ones = [n for n in shape if n != 1] == [n for n in want.shape if n != 1]
    assert verdict.credit == (HALF if only_ones else 0)


@given(hnp.arrays(np.float64, SHAPES, elements=st.floats(-1e3, 1e3)), st.data())
def test_added_axes_of_length_one_earn_half(want: np.ndarray[Any, Any], data: st.DataObject) -> None:
    got = np.expand_dims(want, data.draw(st.integers(0, want.ndim)))
    for answer in (got, got.tolist(), list(got)):
        verdict = compare(want, received(answer), TERMS)
        assert isinstance(verdict, Wrong)
        assert verdict.credit == HALF


@given(
    hnp.arrays(np.float64, SHAPES, elements=FINITE), st.sampled_from([math.nan, math.inf, -math.inf]), st.data()
)
def test_one_entry_that_is_not_finite_makes_an_answer_wrong(
    want: np.ndarray[Any, Any], bad: float, data: st.DataObject
) -> None:
    got = want.copy()
    got.flat[data.draw(st.integers(0, got.size - 1))] = bad
    assert not is_right(want, got)
    assert not is_right(got, got)
    assert is_right(got, got, NONFINITE)
    assert not is_right(want, got, NONFINITE)


@given(INTEGERS, INTEGERS, st.integers(-2, 2))
@settings(max_examples=200)
def test_integers_are_equal_or_not(first: int, second: int, step: int) -> None:
    assert is_right(first, first + step) is (step == 0)
    assert is_right(first, second) is (first == second)
    assert is_right((first, second), [first, second + step]) is (step == 0)
    assert is_right(((first, second), (1,)), ((first, second + step), (1,))) is (step == 0)


@given(st.integers(-(2**53), 2**53), st.floats(-0.9, 0.9))
def test_a_float_is_right_for_an_integer_when_it_is_that_integer(number: int, step: float) -> None:
    assert is_right(number, float(number))
    assert is_right(number, number + step) is (number + step == number)


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=4), st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=4)
)
@settings(max_examples=100)
def test_a_pair_is_worth_what_its_worse_half_is(first: list[float], second: list[float]) -> None:
    pair = (np.array(first), np.array(second))
    column = (pair[0].reshape(-1, 1), pair[1].reshape(1, -1))
    off = (pair[0] + 1, pair[1] - 1)
    for left in (pair[0], column[0], off[0]):
        for right in (pair[1], column[1], off[1]):
            verdict = compare(pair, received([left, right]), TERMS)
            credit = Fraction(1) if isinstance(verdict, Right) else verdict.credit
            shares = [
                0 if item is off[place] else HALF if item is column[place] else 1
                for place, item in enumerate((left, right))
            ]
            assert credit == min(shares)


@given(nested(THEIRS), st.integers(10, 200))
@settings(max_examples=200)
def test_whatever_is_shown_is_short(value: Any, limit: int) -> None:
    assert len(show(received(value), limit)) <= limit
