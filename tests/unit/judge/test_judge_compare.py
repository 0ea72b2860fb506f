from __future__ import annotations

import time
import warnings
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.judge.compare import Terms, compare
from grader.judge.verdict import Right, Wrong
from grader.wire import Value, decode, encode

HALF = Fraction(1, 2)
TERMS = Terms(rtol=1e-6, atol=1e-9, shape_credit=HALF)
NONFINITE = Terms(rtol=1e-6, atol=1e-9, nonfinite=True, shape_credit=HALF)
INF, NAN = float("inf"), float("nan")

VECTOR = np.array([1.0, -2.0, 0.0])
SQUARE = np.array([[1.0, 2.0], [3.0, 4.0]])
PAIR = (np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([7.0, 8.0]))


def received(value: Any) -> Value:
    """Return what the grader gets when a student returns `value`."""
    return decode(encode(value))


def judged(expected: Any, got: Any, terms: Terms = TERMS) -> Right | Wrong:
    """Return the verdict on a real Python value, sent over the wire as the worker sends it."""
    return compare(received(expected), received(got), terms)


def right(expected: Any, got: Any, terms: Terms = TERMS) -> bool:
    return isinstance(judged(expected, got, terms), Right)


def wrong(expected: Any, got: Any, terms: Terms = TERMS) -> Wrong:
    verdict = judged(expected, got, terms)
    assert isinstance(verdict, Wrong)
    assert verdict.reason
    return verdict


def half(expected: Any, got: Any) -> Wrong:
    verdict = wrong(expected, got)
    assert verdict.credit == HALF
    assert "the values are right, but the shape is not" in verdict.reason
    return verdict


def nothing(expected: Any, got: Any, terms: Terms = TERMS) -> Wrong:
    verdict = wrong(expected, got, terms)
    assert verdict.credit == 0
    return verdict


# Numbers: the tolerance, entry by entry.


@pytest.mark.parametrize("want", [1.0, -1.0, 1000.0, 3e-4, 1e-9, 0.0, 1e300])
def test_the_tolerance_is_absolute_plus_relative_to_the_expected_value(want: float) -> None:
    bound = 1e-9 + 1e-6 * abs(want)
    for sign in (1, -1):
        assert right(want, want + sign * 0.999 * bound)
        nothing(want, want + sign * 1.001 * bound)
    assert right(want, want)


def test_the_tolerance_is_relative_to_the_expected_value_not_to_the_answer() -> None:
    terms = Terms(rtol=0.5, atol=0.0)
    assert right(1.0, 1.5, terms)
    nothing(1.5, 3.0, terms)
    nothing(1.0, 2.0, terms)


def test_the_bound_itself_is_within_the_tolerance() -> None:
    assert right(1.0, 1.25, Terms(rtol=0.0, atol=0.25))
    assert right(4.0, 3.0, Terms(rtol=0.25, atol=0.0))
    assert right(0.0, 0.0, Terms(rtol=0.0, atol=0.0))


def test_a_large_entry_does_not_excuse_a_small_one() -> None:
    # Norms and means would.
    nothing(np.array([1e6, 1.0]), np.array([1e6, 1.0001]))
    assert right(np.array([1e6, 1.0]), np.array([1e6 + 0.5, 1.0]))


def test_one_entry_off_is_found_and_named() -> None:
    got = np.array([[1.0, 2.0], [3.5, 4.0]])
    verdict = nothing(SQUARE, got)
    assert verdict.reason == "the values are wrong"
    assert verdict.detail == "1 of 4 entries differ, by up to 0.5; first at [1, 0]: expected 3.0, got 3.5"


def test_a_single_wrong_number_is_shown() -> None:
    assert nothing(2.0, 2.5) == Wrong("the value is wrong", "expected 2.0, got 2.5")
    assert nothing(1.0, 1.000002).detail == "expected 1.0, got 1.000002"


@pytest.mark.parametrize(
    "dtype",
    [
        "float64",
        "float32",
        "float16",
        "longdouble",
        "int8",
        "int64",
        "uint8",
        "uint64",
        "complex64",
        "clongdouble",
    ],
)
@pytest.mark.parametrize(
    "expected", [np.array([0.0, 1.0, 64.0]), np.array([0, 1, 64])], ids=["floats", "integers"]
)
def test_the_type_of_the_numbers_is_free(expected: np.ndarray[Any, Any], dtype: str) -> None:
    assert right(expected, expected.astype(dtype))
    assert right(expected, list(expected.astype(dtype)))
    assert right(expected.astype(dtype), expected)
    nothing(expected, (expected + 1).astype(dtype))


@pytest.mark.parametrize("order", ["<f8", ">f8", ">f4", ">i2", ">c16"])
def test_the_order_of_bytes_is_free(order: str) -> None:
    assert right(VECTOR, VECTOR.astype(order))


def test_memory_layout_is_free() -> None:
    assert right(SQUARE, np.asfortranarray(SQUARE))
    assert right(VECTOR, np.repeat(VECTOR, 2)[::2])
    assert right(np.ones((2, 3)), np.broadcast_to(np.float64(1), (2, 3)))
    assert right(VECTOR, np.ma.masked_array(VECTOR, mask=False))


def test_single_precision_is_right_where_its_error_is_within_the_tolerance() -> None:
    thirds = np.array([1 / 3, 2 / 3, 1000 / 3])
    assert right(thirds, thirds.astype(np.float32))
    nothing(thirds, thirds.astype(np.float16))


def test_an_array_of_booleans_is_one_of_zeros_and_ones() -> None:
    assert right(np.array([1.0, 0.0]), np.array([True, False]))
    assert right(np.array([1.0, 0.0]), [True, False])
    assert right([1, 0], np.array([True, False]))
    nothing(np.array([1.0, 0.5]), np.array([True, False]))


def test_wrapped_integers_are_wrong() -> None:
    nothing(np.array([200.0]), np.array([200], dtype=np.uint8).astype(np.int8))


def test_the_sign_of_zero_is_free() -> None:
    assert right(0.0, -0.0)
    assert right(-0.0, 0)
    assert right(np.zeros(2), -np.zeros(2))
    assert right(0, -0.0)


def test_the_largest_numbers_do_not_overflow_into_a_right_answer() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nothing(np.array([1.7e308]), np.array([-1.7e308]))
        nothing(1.7e308 + 0j, -1.7e308 + 1.7e308j)
        assert right(np.array([1.7e308]), np.array([1.7e308]))
    assert "by up to" not in nothing(np.array([1.7e308, 0.0]), np.array([-1.7e308, 0.0])).detail


def test_denormal_numbers_are_numbers() -> None:
    assert right(5e-324, 0.0)
    assert right(0.0, 5e-324)


# Complex answers.


def test_an_imaginary_part_within_a_billionth_is_what_an_fft_leaves() -> None:
    assert right(VECTOR, VECTOR + 1e-9j)
    assert right(VECTOR, VECTOR - 1e-9j)
    assert right(2.0, 2 + 1e-12j)
    assert right(64, 64 + 0j)
    verdict = nothing(VECTOR, VECTOR + np.array([0, 1.1e-9j, 0]))
    assert verdict.reason == "your answer is complex, where real numbers are due"
    assert verdict.detail == "first at [1]: got (-2.0+1.1e-09j)"


@pytest.mark.parametrize("got", [1 + 1j, complex(1, NAN), complex(1, INF), complex(NAN, 0), complex(INF, 0)])
def test_a_complex_answer_is_no_way_around_the_rules(got: complex) -> None:
    nothing(1.0, got)
    nothing(np.ones(2), np.array([1.0, got]))


def test_where_a_complex_number_is_due_both_parts_count() -> None:
    assert right(1 + 2j, 1 + 2j)
    assert right(1 + 0j, 1)
    assert right(np.array([1j, 2.0]), [1j, 2])
    nothing(1 + 2j, 1 - 2j)
    nothing(1 + 2j, 1)
    nothing(np.array([1j]), np.array([complex(0, NAN)]))
    assert nothing(1 + 0j, 1.000002 + 0j).detail == "expected (1+0j), got (1.000002+0j)"


# NaN and infinity.


@pytest.mark.parametrize("bad", [NAN, INF, -INF])
def test_what_is_not_finite_is_never_right(bad: float) -> None:
    nothing(1.0, bad)
    nothing(1e300, bad)
    nothing(3, bad)
    nothing(np.full(3, 1e308), np.full(3, bad))
    # Even where the key, by some accident, holds the same.
    nothing(bad, bad)
    nothing(np.array([bad]), np.array([bad]))


def test_what_is_not_finite_is_counted_and_shown() -> None:
    verdict = nothing(VECTOR, np.array([1.0, NAN, INF]))
    assert verdict.reason == "your answer holds NaN"
    assert verdict.detail == "NaN in 2 of 3 entries; first at [1]: expected -2.0, got nan"
    assert nothing(2.0, -INF) == Wrong("your answer holds infinity", "infinity; expected 2.0, got -inf")


def test_where_the_rubric_says_so_nan_and_infinity_stand_in_the_same_places() -> None:
    want = np.array([NAN, INF, -INF, 1.0])
    assert right(want, want, NONFINITE)
    assert right(want, [NAN, INF, -INF, 1.0000001], NONFINITE)
    assert right(NAN, np.float32(NAN), NONFINITE)
    for index in range(4):
        for bad in (NAN, INF, -INF, 0.0):
            got = want.copy()
            got[index] = bad
            if not np.array_equal(got, want, equal_nan=True):
                nothing(want, got, NONFINITE)
    nothing(1.0, NAN, NONFINITE)
    nothing(INF, 1e308, NONFINITE)
    assert right(complex(INF, 0), complex(INF, 0), NONFINITE)


def test_an_integer_too_large_for_a_float_is_not_infinity() -> None:
    nothing(INF, 10**400, NONFINITE)
    nothing(1.0, 10**400)
    nothing(1e308, -(10**400))


# Integers.


@pytest.mark.parametrize("got", [64, 64.0, np.float32(64), np.int8(64), np.uint64(64), np.array(64.0), 64 + 0j])
def test_a_real_number_equal_to_the_integer_is_right(got: Any) -> None:
    assert right(64, got)


@pytest.mark.parametrize("got", [65, 63.999999, 64.0000001, np.nextafter(64.0, 65.0), -64, "64", None, [64, 64]])
def test_integers_are_compared_exactly(got: Any) -> None:
    nothing(64, got)
    nothing(np.int32(64), got)


@pytest.mark.parametrize("got", [True, np.bool_(True), np.array(True)])
@pytest.mark.parametrize("expected", [1, 1.0, np.array(1.0), np.float32(1), np.int8(1), 1 + 0j])
def test_a_boolean_is_no_number(expected: Any, got: Any) -> None:
    assert nothing(expected, got).reason == "your answer is True or False, where a number is due"


def test_a_boolean_within_a_pair_of_numbers_is_none_either() -> None:
    nothing((1.0, 2.0), (True, 2.0))
    nothing(((1, 2), (1,)), ((1, 2), (True,)))


def test_integers_of_any_size_are_compared_exactly() -> None:
    for exponent in (62, 63, 64, 65, 100, 1023, 1024, 5000):
        for sign in (1, -1):
            want = sign * 2**exponent
            assert right(want, want)
            assert right([1, want], [1, want])
            assert right(((want, 2), (1,)), [[want, 2], [1]])
            for other in (want + 1, want - 1, -want, 0):
                nothing(want, other)
                nothing([1, want], [1, other])


def test_a_large_integer_is_right_as_the_float_next_to_it() -> None:
    assert right(10**30, 1e30)
    assert right(2**64, np.float64(2.0**64))
    nothing(10**30, 1.0000001e30)
    nothing(10**30, NAN)
    nothing(10**30, True)
    nothing(10**30, None)
    half(10**30, [1e30])
    assert nothing(10**400, 1e308).reason == "an integer is due"
    nothing(10**400, INF)
    nothing(10**400, "x")


def test_signed_and_unsigned_integers_of_64_bits() -> None:
    large = np.array([2**63, 2**64 - 1], dtype=np.uint64)
    assert right(large, large)
    nothing(large, large.astype(np.int64))
    nothing(large, large - np.uint64(1))
    nothing(np.array([-1]), np.array([2**64 - 1], dtype=np.uint64))
    nothing(np.array([2**53]), np.array([2**53 + 1]))
    assert right(2**63, np.uint64(2**63))
    nothing(2**63, np.uint64(2**63 + 1))
    nothing(np.uint64(2**63), 2**63 + 1)


# Shape.


@pytest.mark.parametrize(
    "got",
    [
        VECTOR.reshape(3, 1),
        VECTOR.reshape(1, 3),
        VECTOR.reshape(1, 3, 1),
        VECTOR.reshape(1, 3).view(np.matrix),
        [[1.0, -2.0, 0.0]],
        [[1.0], [-2.0], [0.0]],
        (VECTOR,),
    ],
    ids=str,
)
def test_a_vector_as_a_matrix_earns_the_shape_credit(got: Any) -> None:
    verdict = half(VECTOR, got)
    assert verdict.detail.startswith("expected shape (3,), got (")


@pytest.mark.parametrize("got", [np.array([2.0]), [2.0], (2.0,), [[2.0]], np.full((1, 1, 1), 2.0)])
def test_one_entry_for_a_single_number_earns_the_shape_credit(got: Any) -> None:
    verdict = half(2.0, got)
    assert verdict.detail.startswith("expected a single number, got an array of shape (1")


def test_the_shape_credit_is_the_rubrics() -> None:
    assert wrong(2.0, [2.0], Terms(1e-6, 1e-9)).credit == 0
    assert wrong(2.0, [2.0], Terms(1e-6, 1e-9, shape_credit=Fraction(1, 3))).credit == Fraction(1, 3)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (np.ones(3), 1.0),
        (np.ones(3), np.ones(1)),
        (np.ones(3), np.ones((3, 3))),
        (np.ones(3), np.ones((2, 3))),
        (np.ones((2, 3)), np.ones(3)),
        (np.ones((2, 3)), np.ones((1, 3))),
        (np.ones((2, 3)), np.ones((3, 2))),
        (np.ones((2, 3)), np.ones(6)),
        (np.ones(4), np.ones((2, 2))),
        (1.0, np.ones(3)),
        (1.0, np.ones((3, 1))),
        (np.ones((3, 3)), 1.0),
        (np.ones(3), np.zeros(0)),
        (np.ones(3), np.ones((3, 0))),
        (np.zeros(1), np.zeros(0)),
        (1.0, np.zeros(0)),
        (1.0, []),
        (np.zeros(0), np.zeros(1)),
        (np.zeros(0), 0.0),
        (np.zeros((0, 2)), np.zeros((2, 0))),
    ],
)
def test_nothing_is_broadcast(expected: Any, got: Any) -> None:
    assert nothing(expected, got).reason == "the shape is wrong"


def test_a_column_is_no_row() -> None:
    half(np.ones((1, 3)), np.ones((3, 1)))
    nothing(np.array([[1.0, 2.0, 3.0]]), np.array([[1.0], [1.0], [1.0]]))


def test_a_transposed_matrix_is_wrong() -> None:
    nothing(SQUARE, SQUARE.T)
    assert right(SQUARE, SQUARE.T.T)


@pytest.mark.parametrize(
    ("expected", "got"), [(VECTOR, np.array([[1.0, 2.0, 3.0]])), (2.0, np.array([3.0])), (2.0, np.array([[NAN]]))]
)
def test_wrong_values_in_a_wrong_shape_earn_nothing(expected: Any, got: Any) -> None:
    verdict = nothing(expected, got)
    assert verdict.reason.startswith("the shape is wrong, and ")
    assert "expected" in verdict.detail


def test_empty_answers_are_right_where_nothing_is_due() -> None:
    assert right(np.zeros(0), [])
    assert right([], np.zeros(0))
    assert right([], ())
    half(np.zeros(0), np.zeros((0, 1)))


@pytest.mark.parametrize("got", [2.0, np.float32(2), np.array(2.0), np.array(2), 2])
def test_arrays_without_axes_and_numpy_scalars_are_numbers(got: Any) -> None:
    assert right(2.0, got)
    assert right(np.array(2.0), got)
    assert right(np.float64(2.0), got)


@pytest.mark.parametrize(
    "got",
    [
        [1.0, -2.0, 0.0],
        (1, -2, 0),
        [np.float32(1), np.array(-2.0), 0],
        np.array([1, -2, 0]),
    ],
    ids=str,
)
def test_lists_and_tuples_of_the_right_shape_are_arrays(got: Any) -> None:
    assert right(VECTOR, got)
    assert right(list(VECTOR), got)
    assert right(tuple(VECTOR), got)


def test_rows_in_lists_are_a_matrix() -> None:
    for got in ([[1, 2], [3, 4]], ((1, 2), (3, 4)), [np.array([1, 2]), (3.0, 4)], SQUARE):
        assert right(SQUARE, got)
        assert right(SQUARE.tolist(), got)


# Pairs.


@pytest.mark.parametrize("kind", [tuple, list])
def test_a_pair_may_be_a_list(kind: type) -> None:
    assert right(PAIR, kind(PAIR))
    assert right((1.0, 2.0), kind((1.0, 2.0)))
    assert right(PAIR, kind(item.tolist() for item in PAIR))


def test_a_pair_of_numbers_may_be_an_array() -> None:
    assert right((1.0, 2.0), np.array([1.0, 2.0]))
    assert right((1.0, 2.0), (np.array(1.0), np.float32(2)))
    half((1.0, 2.0), np.array([[1.0, 2.0]]))


def test_a_pair_of_vectors_of_one_length_may_be_a_matrix() -> None:
    pair = (np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    assert right(pair, np.array([[1.0, 2.0], [3.0, 4.0]]))
    nothing(pair, np.array([[1.0, 3.0], [2.0, 4.0]]))


def test_a_tuple_of_shapes_may_be_lists_or_an_array() -> None:
    shapes = ((32, 64, 64), (32, 32, 32), (64, 32, 32))
    assert right(shapes, [list(shape) for shape in shapes])
    assert right(shapes, np.array(shapes))
    assert right(shapes, np.array(shapes, dtype=float))
    nothing(shapes, shapes[:2])
    nothing(shapes, ((32, 64, 64), (32, 32, 32), (32, 64, 64)))
    assert right(((4, 3), (4,)), [[4, 3], [4]])
    assert right(((4, 3), (4,)), (np.array([4, 3]), [4.0]))
    half(((4, 3), (4,)), ((4, 3), 4))


@pytest.mark.parametrize(
    "got",
    [
        (PAIR[0], PAIR[1].reshape(2, 1)),
        (PAIR[0], PAIR[1].reshape(1, 2)),
        (PAIR[0], PAIR[1].reshape(1, 2).view(np.matrix)),
        (PAIR[0].reshape(2, 3, 1), PAIR[1]),
        [PAIR[0].reshape(1, 2, 3), PAIR[1].reshape(2, 1)],
    ],
)
def test_one_or_two_wrong_shapes_in_a_pair_cost_half(got: Any) -> None:
    assert half(PAIR, got).reason.startswith("value ")


@pytest.mark.parametrize("got", [([1.0], 2.0), (1.0, [2.0]), ([1.0], [2.0]), [np.array([[1.0]]), 2.0]])
def test_one_or_two_wrong_shapes_in_a_pair_of_numbers_cost_half(got: Any) -> None:
    half((1.0, 2.0), got)


@pytest.mark.parametrize(
    "got",
    [
        (PAIR[0], PAIR[1] + 1),
        (PAIR[0].T, PAIR[1]),
        (PAIR[1], PAIR[0]),
        (PAIR[0].reshape(2, 3, 1), PAIR[1] + 1),
        (PAIR[0], None),
        (PAIR[0], Fraction(1, 2)),
        (PAIR[0],),
        (*PAIR, 1.0),
        PAIR[0],
        PAIR[1],
        np.zeros(2),
    ],
)
def test_a_wrong_value_in_a_pair_costs_all(got: Any) -> None:
    nothing(PAIR, got)


def test_a_pair_names_the_value_at_fault() -> None:
    verdict = nothing(PAIR, (PAIR[0], PAIR[1] + 1))
    assert verdict.reason == "value 2 of 2: the values are wrong"
    assert nothing((1.0, 2.0), (1.0, None)).reason == "value 2 of 2: your answer is None, where numbers are due"
    assert nothing((1.0, 2.0), (None, "x")).reason.startswith("value 1 of 2")


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (1.0, "your answer is a single value"),
        (np.array(1.0), "your answer is a single value"),
        (None, "your answer is None"),
        ("xy", "your answer is text"),
        (b"xy", "your answer is bytes"),
        ({"a": 1, "b": 2}, "your answer is a dict"),
        (Fraction(1, 2), "your answer is a Fraction"),
        ((number for number in [1]), "your answer is a generator"),
    ],
)
def test_what_holds_no_values_is_asked_to_be_a_tuple(got: Any, words: str) -> None:
    reason = nothing(PAIR, got).reason
    assert reason.startswith(words)
    assert reason.endswith("2 values are due: return them as a tuple")


def test_the_number_of_values_is_told() -> None:
    assert nothing(PAIR, (*PAIR, 1.0)) == Wrong("2 values are due: return them as a tuple", "got 3")


# What is no number.


@pytest.mark.parametrize(
    "got",
    [
        None,
        "2.0",
        b"2",
        {"a": 2.0},
        {2.0},
        Fraction(2),
        Decimal(2),
        np.array(2.0, dtype=object),
        np.array("2.0"),
        np.ma.masked,
        np.datetime64(2, "s"),
        np.timedelta64(2, "s"),
        np.zeros((), dtype=[("a", "f8")]),
        range(2),
        object(),
        float,
    ],
    ids=str,
)
@pytest.mark.parametrize("expected", [2.0, 2, np.array([2.0]), (2.0, 2.0)], ids=str)
def test_what_is_no_number_is_never_right(expected: Any, got: Any) -> None:
    assert nothing(expected, got).reason.startswith("your answer ")
    assert nothing(expected, [got]).reason


def test_objects_that_claim_to_be_equal_are_not_asked() -> None:
    class Yes:
        def __eq__(self, other: object) -> bool:
            raise AssertionError

        __hash__ = None  # type: ignore[assignment]
        __array__ = __float__ = __eq__

    for expected in (1.0, 1, VECTOR, PAIR, "text", True, {"a": 1}):
        nothing(expected, Yes())


def test_subclasses_count_as_what_they_hold() -> None:
    class Liar(np.ndarray[Any, Any]):
        def __array_ufunc__(self, *args: Any, **kwargs: Any) -> Any:
            return np.True_

        def __array_function__(self, *args: Any, **kwargs: Any) -> Any:
            return np.True_

        __eq__ = __array_ufunc__
        __hash__ = None

    nothing(VECTOR, np.zeros(3).view(Liar))
    assert right(VECTOR, VECTOR.view(Liar))

    class Number(float):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = float.__hash__

    nothing(1.0, Number(2.0))
    assert right(1.0, Number(1.0))


# Booleans, texts, dicts.


@pytest.mark.parametrize("expected", [True, np.bool_(True), np.array(True)])
def test_where_a_boolean_is_due_it_must_be_one(expected: Any) -> None:
    for got in (True, np.bool_(True), np.array(True)):
        assert right(expected, got)
    others: list[Any] = [1, 1.0, np.int8(1), "True", None, [True], object()]
    for got in others:
        assert nothing(expected, got).reason == "True or False is due"
    assert nothing(expected, False) == Wrong("the answer is wrong", "expected True, got False")


def test_booleans_within_a_list_or_tuple() -> None:
    assert right([True, False], [True, False])
    assert right([True, False], (np.bool_(True), False))
    assert right([True, False], np.array([True, False]))
    assert right((True, 2.5), (True, 2.5))
    assert right(np.array([True, False]), [True, False])
    assert right(np.array([True, False]), np.array([1.0, 0.0]))
    nothing([True, False], [True, True])
    nothing([True, False], [1, 0])
    nothing((True, 2.5), (1, 2.5))
    nothing((True, 2.5), (True, 2.6))
    nothing(np.array([True, False]), [True, True])


@pytest.mark.parametrize("got", ["full", np.str_("full"), np.array(["valid", "full"])[1]])
def test_texts_are_compared_letter_by_letter(got: Any) -> None:
    assert right("full", got)
    assert right(["full", 1], [got, 1.0])
    assert nothing("fulL", got).reason == "the answer is wrong"


def test_other_kinds_are_no_text() -> None:
    for got in (1, None, b"full", ["full"], np.array("full")):
        assert nothing("full", got).reason == "a text is due"
    assert nothing(b"full", "full").reason == "bytes are due"
    assert right(b"full", b"full")
    assert right(b"full", bytearray(b"full"))


def test_where_none_is_due_only_none_will_do() -> None:
    assert right(None, None)
    assert right([None, 1], [None, 1])
    assert nothing(None, 0).reason == "None is due"


def test_dicts_are_compared_key_by_key() -> None:
    want = {"mean": 1.0, "values": VECTOR}
    assert right(want, {"values": [1, -2, 0], "mean": np.float32(1)})
    assert nothing(want, {"mean": 1.0}).reason == "the keys are wrong"
    assert nothing(want, {**want, "more": 1}).reason == "the keys are wrong"
    assert nothing(want, [1.0, VECTOR]).reason == "a dict is due"
    assert nothing({}, None).reason == "a dict is due"
    assert wrong(want, {**want, "mean": [1.0]}).credit == HALF


def test_a_dicts_keys_are_not_given_away() -> None:
    # In a count of words, for one, they are part of the answer.
    for got in ({"LEAK": 2.0}, {"LEAK": None}, {"other": 1.0}, None, {"LEAK": {"LEAK": 1}}):
        verdict = nothing({"LEAK": 1.0}, got)
        assert "LEAK" not in verdict.reason
        assert "LEAK" in verdict.detail
    assert nothing({"a": 1.0}, {"a": 2.0}).detail == "under 'a': expected 1.0, got 2.0"
    assert nothing({"a": 1.0}, {"a": None}).detail == "under 'a'"
    verdict = nothing({"LEAK": {"LEAK": 1.0}}, {"LEAK": {"LEAK": 2.0}})
    assert "LEAK" not in verdict.reason
    assert verdict.detail == "under 'LEAK': under 'LEAK': expected 1.0, got 2.0"


# Time.


# As large as the wire lets through.
LARGEST: dict[str, Any] = {
    "floats": [1.0] * 199_000,
    "rows": [[1.0]] * 99_000,
    "rows and a text": [*[[1.0]] * 99_000, "x"],
    "texts": ["x"] * 199_000,
    "arrays": [np.ones(3)] * 100_000,
    "dict": {str(number): number for number in range(99_000)},
    "text": "x" * 10_000_000,
    "array": np.ones(2_000_000),
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_answers_are_judged_in_little_time(name: str) -> None:
    started = time.process_time()
    for expected in (VECTOR, PAIR, 1.0, "text"):
        assert isinstance(compare(expected, LARGEST[name], TERMS), Wrong)
    assert time.process_time() - started < 3
