"""The form of an answer: how many values, of which shapes; and whether a student's has it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.judge.numbers import Unfit, as_numbers
from grader.judge.verdict import Right, Wrong
from grader.wire import Value


def form_of(value: Value) -> Value:
    """Return the form of a right answer, as `Formed` has it; None when it holds more than numbers."""
    if isinstance(value, dict):
        return _complete({name: form_of(item) for name, item in value.items()})
    if isinstance(value, (bool, str, bytes)) or value is None:
        return None
    numbers = as_numbers(value)
    if isinstance(numbers, np.ndarray):
        return list(numbers.shape)
    return _complete(tuple(map(form_of, value))) if isinstance(value, (list, tuple)) and value else None


def _complete(forms: Value) -> Value:
    items = forms.values() if isinstance(forms, dict) else forms
    return None if any(item is None for item in items) else forms


def formed(form: Value, answer: Value, *, nonfinite: bool) -> Right | Wrong:
    """Return whether `answer` has a form; NaN and infinity are none of a number's unless they are meant."""
    if isinstance(form, dict):
        if not isinstance(answer, dict) or set(answer) != set(form):
            return Wrong("a dict is due, with the keys of the homework")
        named = [(f"`{name}`", item, answer[name]) for name, item in form.items()]
        return _all(named, nonfinite=nonfinite)
    if isinstance(form, tuple):
        several = isinstance(answer, (list, tuple)) or (isinstance(answer, np.ndarray) and answer.ndim > 0)
        if not several or len(answer) != len(form):
            return Wrong(f"{len(form)} values are due: return them as a tuple")
        counted = [
            (f"value {number} of {len(form)}", item, value)
            for number, (item, value) in enumerate(zip(form, answer, strict=True), 1)
        ]
        return _all(counted, nonfinite=nonfinite)
    return _shaped(tuple(form), answer, nonfinite=nonfinite)


def _all(items: Sequence[tuple[str, Value, Value]], *, nonfinite: bool) -> Right | Wrong:
    for where, form, value in items:
        verdict = formed(form, value, nonfinite=nonfinite)
        if isinstance(verdict, Wrong):
            return Wrong(f"{where}: {verdict.reason}", verdict.detail)
    return Right()


def _shaped(shape: tuple[int, ...], answer: Value, *, nonfinite: bool) -> Right | Wrong:
    numbers = as_numbers(answer)
    if isinstance(numbers, Unfit):
        return Wrong(f"your answer {numbers.reason}")
    if numbers.shape != shape:
        return Wrong("the shape is wrong", f"expected {shape}, got {numbers.shape}")
    if not nonfinite and not np.isfinite(numbers).all():
        return Wrong("your answer holds NaN or infinity")
    return Right()
