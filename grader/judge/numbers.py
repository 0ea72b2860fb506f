"""What a student returned where numbers are due, as an array; or why it is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.wire import Opaque, Value


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a value is no array of numbers, in words that fit after `your answer `."""

    reason: str


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
    items = [as_numbers(item) for item in value]
    for item in items:
        if isinstance(item, Unfit):
            return Unfit(f"has an item that {item.reason}")
    arrays = [item for item in items if not isinstance(item, Unfit)]
    if len({array.shape for array in arrays}) > 1:
        return Unfit("is a list whose items have different lengths")
    return np.stack(arrays) if arrays else np.zeros(0)


def _from_python(value: complex) -> np.ndarray[Any, Any]:
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        # Beyond every integer type of numpy's; as a float it is off by 1e-16 of itself at most, or infinite.
        try:
            return np.asarray(float(value))
        except OverflowError:
            return np.asarray(np.inf if value > 0 else -np.inf)
    return np.asarray(value)


def holds_boolean(value: Value) -> bool:
    """Whether a number in `value` is True or False rather than a number."""
    if isinstance(value, (list, tuple)):
        return any(map(holds_boolean, value))
    return isinstance(value, (bool, np.bool_)) or (isinstance(value, np.ndarray) and value.dtype.kind == "b")


def describe(value: Value) -> str:
    """Say what a value is that is no number, in words that fit after `your answer `, and what to do about it.

    The words are ours alone. A type's name is the student's word and could spell out a hidden input.
    """
    if value is None:
        return "is None, where numbers are due"
    if isinstance(value, Opaque):
        for sign, what in _ADVICE:
            if sign in value.type_name:
                return f"is {what}"
        return "is an object of another type; return a number, a list or a numpy array"
    kind = "text" if isinstance(value, str) else "a dict" if isinstance(value, dict) else "bytes"
    return f"is {kind}, where numbers are due"


_ADVICE = (
    ("coroutine", "a coroutine; write `def`, not `async def`"),
    ("generator", "a generator; return a list or a numpy array, for instance list(...) of it"),
    ("masked array", "a masked array; return one without masked entries"),
    ("dtype object", "an array of Python objects; build it with dtype=float, with rows of one length"),
    ("dtype <U", "an array of text; convert it to numbers"),
    ("Fraction", "a Fraction; convert it with float(...)"),
    ("Decimal", "a Decimal; convert it with float(...)"),
    ("function", "a function; return its result: call it with (...)"),
    ("method", "a method; return its result: call it with (...)"),
    ("map", "a map; return list(...) of it"),
    ("zip", "a zip; return list(...) of it"),
    ("range", "a range; return list(...) of it"),
)
