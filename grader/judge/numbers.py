"""What a student returned where numbers are due, as an array; or why it is none."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.wire import Opaque, Value
from grader.wire.layout import MAX_AXES


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a value is no array of numbers, in words that fit after `your answer `."""

    reason: str


_NUMBERS = (bool, int, float, complex, np.generic)


def as_numbers(value: Value) -> np.ndarray[Any, Any] | Unfit:
    """Return `value` as an array of booleans, integers, floats or complex numbers.

    A number is an array without axes; lists and tuples of one length throughout are arrays, as a fair reader
    takes them. Nothing is squeezed, broadcast or parsed.
    """
    if isinstance(value, (np.ndarray, np.generic)):
        return np.asarray(value)
    if isinstance(value, (bool, int, float, complex)):
        return _from_python(value)
    if not isinstance(value, (list, tuple)):
        return Unfit(describe(value))
    return _from_items(value)


def _from_python(value: complex) -> np.ndarray[Any, Any] | Unfit:
    if not isinstance(value, int) or -(1 << 63) <= value < 1 << 63:
        return np.asarray(value)
    # Beyond every integer type of numpy's; as a float it is off by 1e-16 of itself at most.
    try:
        return np.asarray(float(value))
    except OverflowError:
        return Unfit("is an integer that no float can hold")


def _from_items(items: list[Value] | tuple[Value, ...]) -> np.ndarray[Any, Any] | Unfit:
    if _is_plain(items):
        # Item by item takes 40 times as long. Rows of different lengths raise; large integers come out as objects.
        with contextlib.suppress(ValueError):
            array = np.asarray(items)
            if array.dtype.kind in "bifc" and array.ndim <= MAX_AXES:
                return array
    arrays = []
    for item in items:
        numbers = as_numbers(item)
        if isinstance(numbers, Unfit):
            # Not the items' items: how deep they are nested is the student's choice and could spell something.
            inner = numbers.reason.removeprefix("has an item that ")
            return Unfit(f"has an item that {inner}")
        arrays.append(numbers)
    if len({array.shape for array in arrays}) > 1:
        return Unfit("is a list whose items have different lengths")
    if arrays[0].ndim >= MAX_AXES:
        return Unfit(f"is nested more than {MAX_AXES} deep")
    return np.stack(arrays)


def _is_plain(items: list[Value] | tuple[Value, ...]) -> bool:
    """Whether nested lists hold nothing but numbers. Texts, for one, numpy pads to the length of the longest."""
    kinds = set(map(type, items))
    if kinds <= {list, tuple}:
        return all(map(_is_plain, items))
    return all(issubclass(kind, _NUMBERS) for kind in kinds)


def holds_boolean(value: Value) -> bool:
    """Whether a single number in `value` is True or False; an array of booleans is one of zeros and ones."""
    if isinstance(value, (list, tuple)):
        return any(map(holds_boolean, value))
    return isinstance(value, (bool, np.bool_)) or (
        isinstance(value, np.ndarray) and not value.ndim and value.dtype.kind == "b"
    )


def describe(value: Value) -> str:
    """Say what a value is that is no number, in words that fit after `your answer `, and what to do about it.

    The words are ours alone. A type's name is the student's word and could spell out a hidden input.
    """
    if value is None:
        return "is None, where numbers are due"
    if isinstance(value, Opaque):
        for sign, what in _ADVICE:
            if value.type_name.startswith(sign):
                return f"is {what}"
        return "is an object of another type; return a number, a list or a numpy array"
    kind = "text" if isinstance(value, str) else "a dict" if isinstance(value, dict) else "bytes"
    return f"is {kind}, where numbers are due"


_ADVICE = (
    ("coroutine", "a coroutine; write `def`, not `async def`"),
    ("generator", "a generator; return a list or a numpy array, for instance list(...) of it"),
    ("masked array", "a masked array; return one without masked entries"),
    ("array with dtype object", "an array of Python objects; build it with dtype=float, with rows of one length"),
    ("array with dtype <U", "an array of text; convert it to numbers"),
    ("fractions.Fraction", "a Fraction; convert it with float(...)"),
    ("decimal.Decimal", "a Decimal; convert it with float(...)"),
    ("int with", "an integer of more than 2400 digits"),
    ("builtin_function", "a function; return its result: call it with (...)"),
    ("function", "a function; return its result: call it with (...)"),
    ("method", "a method; return its result: call it with (...)"),
    ("map", "a map; return list(...) of it"),
    ("zip", "a zip; return list(...) of it"),
    ("range", "a range; return list(...) of it"),
)
