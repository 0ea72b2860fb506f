"""Answers that are right beyond doubt: all of a function's floats against all that is expected, in one go.

Most answers of most classes are right, and are what `compare` would take longest to find nothing wrong with. Here
only one thing is decided: that every case is right by `|got - expected| <= atol + rtol * |expected|`, in the form
that is expected. Whatever is not, for whatever reason, is left to the judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

from grader import outcome as oc
from grader.judge.answers import Question
from grader.judge.checks import Equals
from grader.wire import Value

_Array: TypeAlias = np.ndarray[Any, Any]
_FLOAT: Final = np.dtype(np.float64)


@dataclass(frozen=True, slots=True)
class Bulk:
    """What the cases of one function expect, laid out to be compared at once.

    Attributes:
        values: what each case expects: what is equal to that is right.
        forms: each case's structure, shapes and integers.
        expected: all floats, one after the other; none is infinite or NaN.
        bound: how far each may be off.
    """

    values: tuple[Value, ...]
    forms: tuple[Any, ...]
    expected: _Array
    bound: _Array

    @classmethod
    def of(cls, questions: Iterable[Question]) -> Bulk | None:
        """Return what `questions` expect; None where it takes more than this to say whether an answer is right."""
        values, forms, expected, bounds = list[Value](), [], [], []
        for question in questions:
            check, entries = question.checks[0], list[_Array]()
            is_plain = len(question.calls) == len(question.checks) == 1 and question.observe == "return"
            if not (is_plain and isinstance(check, Equals)) or question.terms.nonfinite:
                return None
            values.append(check.variants[0].value)
            try:
                forms.append(_form(values[-1], entries))
            except _OtherError:
                return None
            floats = _joined(entries)
            expected.append(floats)
            bounds.append(question.terms.atol + question.terms.rtol * np.abs(floats))
        bulk = cls(tuple(values), tuple(forms), _joined(expected), _joined(bounds))
        return bulk if np.isfinite(bulk.bound).all() else None

    def holds(self, results: Sequence[oc.Result]) -> bool:
        """Whether every case's answer is right beyond doubt."""
        entries: list[_Array] = []
        try:
            for form, result in zip(self.forms, results, strict=True):
                if type(result) is not oc.Answered or _form(result.value, entries) != form:
                    return False
        except _OtherError:
            return False
        with np.errstate(all="ignore"):
            return bool((np.abs(_joined(entries) - self.expected) <= self.bound).all())


class _OtherError(Exception):
    """The value is of a form that is not laid out."""


def _form(value: Value, entries: list[_Array]) -> Any:
    """Return the form of a value, and add its floats to `entries`.

    Raises:
        _OtherError: it holds anything but floats, arrays of them, and integers by themselves.
    """
    kind = type(value)
    if kind is np.ndarray and value.dtype == _FLOAT and value.ndim:
        entries.append(value.ravel())
        return value.shape
    if kind is float or kind is np.float64:
        entries.append(np.array((value,)))
        return float
    if kind is int:
        return value
    if kind is tuple or kind is list:
        return [_form(item, entries) for item in value]
    raise _OtherError


def _joined(entries: Sequence[_Array]) -> _Array:
    return np.concatenate(entries) if entries else np.zeros(0)
