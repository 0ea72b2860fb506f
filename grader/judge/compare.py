"""Expected against got: structure, then shape, then kind, then values, entry by entry.

Rules
-----
1. Where the expected value is a sequence, the answer is a list, tuple or array of as many items, and each is
   compared with its own. Where both hold nothing but numbers in rows of one length, they are compared as arrays.
2. Shape is part of the answer. When only axes of length 1 differ and the values are right, the answer earns
   the shape credit.
3. The type of the numbers is free. A boolean is no number, but an array of booleans is one of zeros and ones; and
   where a boolean is due, nothing else will do. A complex number is a real one when its imaginary part is at most
   1e-9.
4. Numbers are finite, unless the expectation says otherwise; then NaN and infinities stand in the same places.
5. Integers are compared exactly, as numbers: 64.0 is 64. All other numbers are right when
   `|got - expected| <= atol + rtol * |expected|`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from grader.judge.numbers import Unfit, as_numbers, describe, holds_boolean
from grader.judge.show import pair, place, show
from grader.judge.verdict import Right, Wrong
from grader.wire import Opaque, Value

_Array: TypeAlias = np.ndarray[Any, Any]

IMAGINARY = 1e-9
"""How far from 0 the imaginary part of a real number may be."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How exact an answer must be.

    Attributes:
        rtol: relative tolerance.
        atol: absolute tolerance.
        nonfinite: NaN and infinity are part of the expected value.
        shape_credit: credit for right values in a shape that is wrong by axes of length 1 only.
    """

    rtol: float
    atol: float
    nonfinite: bool = False
    shape_credit: Fraction = Fraction(0)


def compare(expected: Value, got: Value, terms: Terms) -> Right | Wrong:
    """Return the verdict on `got`, which is anything that can come off the wire."""
    if isinstance(expected, (np.ndarray, np.generic)) and not expected.ndim:
        expected = expected.item()
    if isinstance(expected, (list, tuple)):
        numbers = None if _by_item(expected) else as_numbers(expected)
        if isinstance(numbers, np.ndarray) and isinstance(as_numbers(got), np.ndarray):
            return _compare_numbers(numbers, got, terms)
        return _compare_items(list(expected), got, terms)
    if isinstance(expected, dict):
        return _compare_mappings(expected, got, terms)
    if isinstance(expected, (str, bytes, bool)) or expected is None:
        return _compare_exactly(expected, got)
    if isinstance(expected, int):
        return _compare_integer(expected, got, terms)
    return _compare_numbers(np.asarray(expected), got, terms, booleans=isinstance(expected, np.ndarray))


def _by_item(value: Value) -> bool:
    """Whether a sequence holds what an array of numbers cannot: arrays, booleans, integers of any size."""
    if isinstance(value, (list, tuple)):
        return any(map(_by_item, value))
    large = isinstance(value, int) and value.bit_length() > 62
    return large or isinstance(value, (np.ndarray, bool, np.bool_))


def _single(value: Value) -> Value:
    """Return a numpy scalar, or the entry of an array without axes, as Python's own."""
    return value.item() if isinstance(value, (np.ndarray, np.generic)) and not value.ndim else value


_KINDS = {str: "a text is due", bytes: "bytes are due", bool: "True or False is due"}


def _compare_exactly(expected: Value, got: Value) -> Right | Wrong:
    plain = _single(got)
    alike = type(plain) is type(expected)
    if alike and plain == expected:
        return Right()
    reason = "the answer is wrong" if alike else _KINDS.get(type(expected), "None is due")
    return Wrong(reason, f"expected {show(expected)}, got {show(got)}")


def _compare_integer(expected: int, got: Value, terms: Terms) -> Right | Wrong:
    """Compare an integer of any size: exactly with an integer, with a float as the float next to it."""
    plain = _single(got)
    if type(plain) is int:
        differ = Wrong("the value is wrong", f"expected {show(expected)}, got {show(plain)}")
        return Right() if plain == expected else differ
    nearest = as_numbers(expected)
    if isinstance(nearest, Unfit):
        return Wrong("an integer is due", f"expected {show(expected)}, got {show(got)}")
    return _compare_numbers(nearest, got, dataclasses.replace(terms, rtol=0.0, atol=0.0))


def _compare_mappings(expected: dict[str, Value], got: Value, terms: Terms) -> Right | Wrong:
    if not isinstance(got, dict):
        return Wrong("a dict is due", f"expected the keys {', '.join(expected)}, got {show(got)}")
    if set(got) != set(expected):
        return Wrong("the keys are wrong", f"expected {', '.join(sorted(expected))}, got {', '.join(sorted(got))}")
    verdicts = [_under(key, compare(item, got[key], terms)) for key, item in expected.items()]
    return _together([("a value of your dict", verdict) for verdict in verdicts])


def _under(key: str, verdict: Right | Wrong) -> Right | Wrong:
    """Add the place to a verdict's detail: a key may be part of a hidden answer."""
    if isinstance(verdict, Right):
        return verdict
    return dataclasses.replace(verdict, detail=f"under {key!r}{': ' * bool(verdict.detail)}{verdict.detail}")


def _compare_items(expected: list[Value], got: Value, terms: Terms) -> Right | Wrong:
    count = len(expected)
    items = list(got) if isinstance(got, (list, tuple)) or (isinstance(got, np.ndarray) and got.ndim) else None
    if items is None:
        what = describe(got) if got is None or isinstance(got, (Opaque, str, dict, bytes)) else "is a single value"
        return Wrong(f"your answer {what}; {count} values are due: return them as a tuple")
    if len(items) != count:
        return Wrong(f"{count} values are due: return them as a tuple", f"got {len(items)}")
    verdicts = [
        (f"value {number} of {count}", compare(want, item, terms))
        for number, (want, item) in enumerate(zip(expected, items, strict=True), 1)
    ]
    return _together(verdicts)


def _together(verdicts: list[tuple[str, Right | Wrong]]) -> Right | Wrong:
    """Return the worst of several verdicts, with the place where it stands."""
    wrong = [(where, verdict) for where, verdict in verdicts if isinstance(verdict, Wrong)]
    if not wrong:
        return Right()
    where, worst = min(wrong, key=lambda item: item[1].credit)
    return Wrong(f"{where}: {worst.reason}", worst.detail, worst.credit)


def _compare_numbers(expected: _Array, got: Value, terms: Terms, *, booleans: bool = False) -> Right | Wrong:
    numbers = as_numbers(got)
    if isinstance(numbers, Unfit):
        return Wrong(f"your answer {numbers.reason}")
    if not booleans and holds_boolean(got):
        return Wrong("your answer is True or False, where a number is due", f"expected {show(expected)}")
    if numbers.shape == expected.shape:
        return _compare_entries(expected, numbers, terms)
    shapes = f"expected shape {expected.shape}, got {numbers.shape}"
    if expected.ndim == 0:
        shapes = f"expected a single number, got an array of shape {numbers.shape}"
    if _long_axes(numbers) == _long_axes(expected):
        verdict = _compare_entries(expected, numbers.reshape(expected.shape), terms)
        if isinstance(verdict, Right):
            return Wrong("the values are right, but the shape is not", shapes, terms.shape_credit)
        return Wrong(f"the shape is wrong, and {verdict.reason}", f"{shapes}; {verdict.detail}")
    return Wrong("the shape is wrong", shapes)


def _long_axes(array: _Array) -> tuple[int, ...]:
    return tuple(length for length in array.shape if length != 1)


def _compare_entries(expected: _Array, got: _Array, terms: Terms) -> Right | Wrong:
    """Compare two arrays of one shape."""
    if got.dtype.kind == "c" and expected.dtype.kind != "c":
        with np.errstate(all="ignore"):
            excess = ~(np.abs(got.imag) <= IMAGINARY)
        if excess.any():
            where, value = _first(excess, got)
            return Wrong("your answer is complex, where real numbers are due", f"{where}got {show(value)}")
        got = got.real
    exact = expected.dtype.kind in "biu"
    if exact and got.dtype.kind in "biu":
        return _mismatch(_integers(expected) != _integers(got), expected, got, 0)
    wide = np.complex128 if expected.dtype.kind == "c" else np.float64
    want, have = expected.astype(wide), got.astype(wide)
    finite = np.isfinite(have)
    if terms.nonfinite:
        same = (have == want) | (np.isnan(have) & np.isnan(want))
    elif not finite.all():
        return _not_finite(want, have)
    else:
        same = np.zeros(want.shape, dtype=bool)
    with np.errstate(all="ignore"):
        distance = np.abs(have - want)
        bound = 0.0 if exact else terms.atol + terms.rtol * np.abs(want)
        same |= np.isfinite(want) & finite & (distance <= bound)
    return _mismatch(~same, want, have, distance)


def _integers(array: _Array) -> _Array:
    # uint64 against int64 would be compared as floats; Python's integers are exact.
    return array.astype(object) if array.dtype == np.uint64 else array.astype(np.int64)


def _not_finite(want: _Array, have: _Array) -> Wrong:
    bad = ~np.isfinite(have)
    where, value = _first(bad, have)
    name = "NaN" if np.isnan(have[bad]).any() else "infinity"
    count = f" in {bad.sum()} of {bad.size} entries" if bad.ndim else ""
    _, wanted = _first(bad, want)
    return Wrong(f"your answer holds {name}", f"{name}{count}; {where}expected {show(wanted)}, got {show(value)}")


def _mismatch(differs: _Array, want: _Array, have: _Array, distance: Any) -> Right | Wrong:
    if not differs.any():
        return Right()
    where, got = _first(differs, have)
    _, wanted = _first(differs, want)
    texts = pair(wanted, got)
    first = f"{where}expected {texts[0]}, got {texts[1]}"
    if not differs.ndim:
        return Wrong("the value is wrong", first)
    largest = np.max(np.abs(distance), initial=0.0)
    far = f", by up to {largest:.3g}" if 0 < largest < np.inf else ""
    return Wrong("the values are wrong", f"{differs.sum()} of {differs.size} entries differ{far}; {first}")


def _first(chosen: _Array, array: _Array) -> tuple[str, Any]:
    """Return the place (in words that end where the value starts) and the value of the first chosen entry."""
    if not array.ndim:
        return "", array.item()
    index = tuple(int(axis[0]) for axis in np.nonzero(chosen))
    return f"first at {place(index)}: ", array[index].item()
