from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.judge.numbers import Unfit, as_numbers, describe, holds_boolean
from grader.wire import Opaque, Value, decode, encode

OTHER = "is an object of another type; return a number, a list or a numpy array"


def received(value: Any) -> Value:
    """Return what the grader gets when a student returns `value`."""
    return decode(encode(value))


def numbers(value: Any) -> np.ndarray[Any, Any]:
    found = as_numbers(received(value))
    assert isinstance(found, np.ndarray)
    return found


def refusal(value: Any) -> str:
    found = as_numbers(received(value))
    assert isinstance(found, Unfit)
    return found.reason


@pytest.mark.parametrize(
    "value", [True, 3, -2.5, 1j, np.float16(1.5), np.uint64(2**64 - 1), np.bool_(False), np.array(4.0)]
)
def test_a_single_number_is_an_array_without_axes(value: Any) -> None:
    found = numbers(value)
    assert found.shape == ()
    assert found == value


@pytest.mark.parametrize(
    ("value", "shape", "kind", "entries"),
    [
        ([], (0,), "f", []),
        ([[], []], (2, 0), "f", []),
        ([1, 2], (2,), "i", [1, 2]),
        ((1, 2.5), (2,), "f", [1, 2.5]),
        ([True, 2], (2,), "i", [1, 2]),
        ([1.0, 2j], (2,), "c", [1, 2j]),
        ([[1, 2], (3, 4)], (2, 2), "i", [1, 2, 3, 4]),
        ([np.float32(1), 2.0], (2,), "f", [1, 2]),
        ([np.array(1.0), 2.0], (2,), "f", [1, 2]),
        ([np.ones(2), [3, 4]], (2, 2), "f", [1, 1, 3, 4]),
        ([np.ones((1, 2))], (1, 1, 2), "f", [1, 1]),
        ([np.uint64(2**63), np.uint64(1)], (2,), "u", [2**63, 1]),
        ([2**63, 1], (2,), "f", [2.0**63, 1]),
        ([2**70, 0.5], (2,), "f", [2.0**70, 0.5]),
    ],
)
def test_lists_and_tuples_are_arrays(value: Any, shape: tuple[int, ...], kind: str, entries: list[Any]) -> None:
    found = numbers(value)
    assert found.shape == shape
    assert found.dtype.kind == kind
    assert found.ravel().tolist() == entries


def test_an_array_stays_as_it_is() -> None:
    array = np.arange(6, dtype=np.int16).reshape(2, 3)
    found = numbers(array)
    assert found.dtype == np.int16
    assert found.shape == (2, 3)


def test_a_matrix_keeps_its_two_axes() -> None:
    assert numbers(np.ones((1, 2)).view(np.matrix)).shape == (1, 2)


def test_a_long_double_arrives_as_a_double() -> None:
    assert numbers(np.array([1.5, 2.5], dtype=np.longdouble)).dtype == np.float64
    assert numbers(np.clongdouble(1 + 2j)).dtype == np.complex128


def test_a_masked_array_without_masked_entries_is_an_array() -> None:
    assert numbers(np.ma.masked_array([1.0, 2.0], mask=[False, False])).tolist() == [1.0, 2.0]


def test_large_integers_become_floats() -> None:
    assert numbers(2**63) == 2.0**63
    assert numbers(-(10**300)) == -1e300


def test_an_integer_beyond_the_floats_is_no_number() -> None:
    assert refusal(10**400) == "is an integer that no float can hold"
    assert refusal([1.5, 10**400]) == "has an item that is an integer that no float can hold"
    assert refusal(10**3000) == "is an integer of more than 2400 digits"


def _generator() -> Iterator[int]:
    yield 1


class Coroutine:
    """A class of the student's own, whatever it is called."""

    def answer(self) -> int:
        return 1


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "is None"),
        ("12", "is text"),
        (b"12", "is bytes"),
        ({"a": 1}, "is a dict"),
        ({1: 2}, OTHER),
        (Fraction(1, 2), "is a Fraction; convert it with float(...)"),
        (Decimal("0.5"), "is a Decimal; convert it with float(...)"),
        (np.array([1, 2], dtype=object), "is an array of Python objects; build it with dtype=float"),
        (np.array(["a", "b"]), "is an array of text"),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), OTHER),
        (np.datetime64("2020-01-01"), OTHER),
        (np.timedelta64(3, "s"), OTHER),
        (np.zeros(2, dtype=[("a", "f8"), ("b", "i4")]), OTHER),
        (np.zeros(1, dtype=[("a", "f8")])[0], OTHER),
        (np.ma.masked_array([1.0, 2.0], mask=[True, False]), "is a masked array"),
        (np.ma.masked_array([1.0], mask=[True]), "is a masked array"),
        (_generator(), "is a generator; return a list or a numpy array"),
        ((number for number in [1]), "is a generator; return a list or a numpy array"),
        (range(3), "is a range; return list(...) of it"),
        (map(abs, [1]), "is a map; return list(...) of it"),
        (zip([1], [2], strict=True), "is a zip; return list(...) of it"),
        (lambda: 1, "is a function; return its result"),
        (abs, "is a function; return its result"),
        ("".join, "is a function; return its result"),
        (Coroutine().answer, "is a method"),
        (np.array([1.0]).mean, "is a function; return its result"),
        ({1, 2}, OTHER),
        (Coroutine(), OTHER),
        (object(), OTHER),
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence(value: Any, words: str) -> None:
    assert refusal(value).startswith(words)
    if not isinstance(value, dict):
        assert refusal([1.0, value]).startswith(f"has an item that {words}")


def test_a_coroutine_is_told_to_be_a_function() -> None:
    async def answer() -> int:
        return 1

    pending = answer()
    assert "write `def`, not `async def`" in refusal(pending)
    pending.close()


@pytest.mark.parametrize(
    "name", ["submission.Orange", "submission.Bitmap", "submission.Fraction", "submission.zip"]
)
def test_a_class_of_the_students_own_is_not_taken_for_pythons(name: str) -> None:
    assert describe(Opaque(name)) == OTHER


def test_a_students_type_name_is_never_repeated() -> None:
    for name in ("LEAK", "LEAKgenerator", "dtype LEAK", "array with dtype LEAK", "range LEAK", "function LEAK"):
        assert "LEAK" not in describe(Opaque(name))


@pytest.mark.parametrize(
    "value", [[[1, 2], [3]], [1, [2]], [[], [1]], [np.ones(2), np.ones(3)], [1.0, np.ones(1)]]
)
def test_rows_of_different_lengths_are_no_array(value: Any) -> None:
    assert refusal(value) == "is a list whose items have different lengths"


def test_more_axes_than_an_array_may_have_are_refused() -> None:
    # Some versions of numpy allow 32 axes, others 64.
    nested: Any = np.ones((1,) * 16)
    assert numbers(nested).ndim == 16
    assert refusal([nested]) == "is nested more than 16 deep"
    for _ in range(20):
        nested = [nested]
    assert refusal(nested).endswith("is nested more than 16 deep")
    plain: Any = 1.0
    for _ in range(20):
        plain = [plain]
    assert refusal(plain).endswith("is nested more than 16 deep")


def test_the_first_item_at_fault_is_named() -> None:
    assert refusal([[1.0, None], ["x"]]) == "has an item that is None, where numbers are due"


def test_texts_in_a_list_are_not_padded_to_the_longest() -> None:
    # As an array of text this would take 1.5 TiB.
    assert as_numbers(["x" * 4_000_000, *[""] * 100_000]) == Unfit(
        "has an item that is text, where numbers are due"
    )


@pytest.mark.parametrize("value", [True, np.bool_(False), np.array(True), [1, True], [[1.0], (True,)]])
def test_a_single_boolean_is_found(value: Any) -> None:
    assert holds_boolean(received(value))


@pytest.mark.parametrize("value", [1, 1.0, np.array([True, False]), [1, 2.0], [np.array([True])], "True", None])
def test_an_array_of_booleans_is_one_of_zeros_and_ones(value: Any) -> None:
    assert not holds_boolean(received(value))
