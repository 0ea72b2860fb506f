"""Exact answers under seal: recognised by a salted slow hash of a canonical form, and not to be read from it.

Theory of operation
-------------------
`compare` takes many values for one: 64, 64.0 and np.int64(64), a list for a tuple, an array for either. Each value
is written in a form that is the same for all of these, and the form is hashed by scrypt with a salt of the case's
own. Two forms are equal where `compare` says `Right`, and differ where it does not:

1. A number is written as an integer where it is whole. From 2**53 on a float is written as a float: an integer of
   that size is sealed in both ways, for an answer may be the float next to it.
2. True and False are no numbers, but the entries of an array of booleans are zeros and ones; where such an entry
   may also have to be a boolean, the answer is tried in both ways. Where an array is due, a boolean is a number.
3. A sequence is its items. Shape is part of it; without axes of length 1 it is hashed once more, for the shape
   credit.

A hash hinders nobody who can guess the answer: of a number between 1 and 1000 there are 1000 guesses.
"""

from __future__ import annotations

import functools
import hashlib
import math
from fractions import Fraction
from typing import Any

import numpy as np

from grader.judge.checks import Sealed
from grader.judge.compare import IMAGINARY
from grader.judge.numbers import as_numbers, holds_boolean
from grader.judge.printed import words
from grader.judge.show import show
from grader.judge.verdict import Right, Wrong
from grader.wire import Value

COST = 15
"""scrypt with 2**15 blocks of 1 KiB: 0.1 s and 32 MiB for a guess, measured on one core of 2.5 GHz."""
_EXACT_FLOATS = 2**53
_SQUEEZED = "without axes of length 1: "


def is_exact(value: Value, *, printed: bool = False) -> bool:
    """Whether an answer is compared without a tolerance: integers, booleans, texts, and collections of them."""
    value = _spelt(value) if printed else value
    if isinstance(value, (list, tuple)):
        return all(map(is_exact, value))
    if isinstance(value, dict):
        return all(map(is_exact, value.values()))
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "biu"
    return value is None or isinstance(value, (bool, int, str, bytes))


def seal(values: tuple[Value, ...], salt: bytes, *, printed: bool = False, cost: int = COST) -> Sealed:
    """Return what recognises each of these exact answers."""
    values = tuple(map(_spelt, values)) if printed else values
    is_array = all(isinstance(value, np.ndarray) and value.ndim for value in values)
    forms = [form for value in values for form in _forms_due(value, is_array=is_array)]
    # An integer that no array holds would be a float.
    squeezed = [] if printed else [form for value in values if (form := _squeezed(value, "biu"))]
    return Sealed(
        salt,
        cost,
        is_array,
        tuple(_digest(form, salt, cost) for form in dict.fromkeys(forms)),
        tuple(_digest(form, salt, cost) for form in dict.fromkeys(squeezed)),
    )


def opens(check: Sealed, answer: Value, *, printed: bool, shape_credit: Fraction) -> Right | Wrong:
    """Return whether an answer is what is sealed; nothing that is said tells what that is."""
    plain = _spelt(answer) if printed else answer
    ways = (True,) if check.is_array else (True, False)
    forms = {_written(plain, entries=entries, items=check.is_array) for entries in ways}
    if any(_digest(form, check.salt, check.cost) in check.digests for form in sorted(forms)):
        return Right()
    form = _squeezed(plain) if check.squeezed and (check.is_array or not holds_boolean(plain)) else ""
    if form and _digest(form, check.salt, check.cost) in check.squeezed:
        return Wrong("the values are right, but the shape is not", f"got shape {np.shape(plain)}", shape_credit)
    # Rounded, a number that is one off in the last place would look like the right one.
    fraction = isinstance(answer, (float, np.floating)) and math.isfinite(answer) and answer % 1
    got = f"{float(answer)!r}, which is no whole number" if fraction else show(answer)
    return Wrong("the answer is wrong", f"got {got}; the right answer is sealed")


def _forms_due(value: Value, *, is_array: bool) -> list[str]:
    return [_written(value, entries=True, items=is_array, large=large) for large in (False, True)]


def _squeezed(value: Value, kinds: str = "biufc") -> str:
    """Return the form of numbers of these kinds without axes of length 1; empty for what is none."""
    if isinstance(value, (bool, np.bool_)):
        return ""
    numbers = as_numbers(value)
    if not isinstance(numbers, np.ndarray) or numbers.dtype.kind not in kinds:
        return ""
    return _SQUEEZED + _written(numbers.squeeze(), entries=True, items=True)


@functools.lru_cache(maxsize=256)
def _digest(form: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(
        form.encode("utf-8", "replace"),
        salt=salt,
        n=1 << cost,
        r=8,
        p=1,
        maxmem=(1 << 20) + (2048 << cost),
        dklen=16,
    )


def _written(value: Value, *, entries: bool, items: bool, large: bool = False) -> str:
    """Return a value's form.

    Args:
        value: anything that can come off the wire.
        entries: the entries of an array of booleans are numbers.
        items: so are booleans elsewhere.
        large: integers from 2**53 on are written as floats.
    """
    write = functools.partial(_written, entries=entries, items=items, large=large)
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and not value.ndim):
        return write(value.item())
    if isinstance(value, np.ndarray):
        return _written(value.tolist(), entries=entries, items=entries, large=large)
    if isinstance(value, (list, tuple)):
        return f"[{','.join(map(write, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{key!r}:{write(value[key])}' for key in sorted(value))}}}"
    return _atom(value, items=items, large=large)


def _atom(value: Any, *, items: bool, large: bool) -> str:
    if isinstance(value, bool):
        return str(int(value)) if items else repr(value)
    if isinstance(value, complex) and abs(value.imag) <= IMAGINARY:
        value = value.real
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_FLOATS:
        return str(int(value))
    if isinstance(value, int):
        return _float_of(value) if large and abs(value) >= _EXACT_FLOATS else _decimal(value)
    return repr(value)


def _decimal(value: int) -> str:
    # Python refuses to write very long integers in decimal.
    return str(value) if value.bit_length() <= 64 else hex(value)


def _float_of(value: int) -> str:
    try:
        return repr(float(value))
    except OverflowError:
        return _decimal(value)


def _spelt(text: Value) -> list[Value]:
    """Return a printed text's words, numbers as such."""
    return list(map(_word, words(str(text))))


def _word(word: str) -> Value:
    try:
        number = float(word)
    except ValueError:
        return word
    return number if not number.is_integer() else int(number)
