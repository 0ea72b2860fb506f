"""Does a property hold of the answers that came back? One function for each kind of check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from grader.judge import checks as ch
from grader.judge.compare import IMAGINARY, Terms, compare
from grader.judge.numbers import Unfit, as_numbers
from grader.judge.show import call_text, place, show
from grader.judge.verdict import Right, Wrong
from grader.plan import Call
from grader.wire import Value, encode

_Array: TypeAlias = np.ndarray[Any, Any]
_Verdict: TypeAlias = Right | Wrong


@dataclass(frozen=True, slots=True)
class View:
    """What a check looks at.

    Attributes:
        calls: that were made; the first is the one that the case is about.
        answers: what is judged of each.
        args: of the first call before it was made, by name.
        after: those of its arguments that were observed, as they were after it.
        terms: how exact numbers must be.
    """

    calls: Sequence[Call]
    answers: Sequence[Value]
    args: Mapping[str, Value]
    after: Mapping[str, Value]
    terms: Terms


class _UnfitError(Exception):
    """An answer is no array of real numbers; `args[0]` says so in words for the student."""


def holds(check: ch.Check, view: View) -> Right | Wrong:
    """Return whether `check` holds, for every kind but `Equals` and `Checked`."""
    try:
        with np.errstate(all="ignore"):
            return _HOLDS[type(check)](check, view)
    except _UnfitError as error:
        return Wrong(f"your answer {error.args[0]}")


def _numbers(value: Value) -> _Array:
    numbers = as_numbers(value)
    if isinstance(numbers, Unfit):
        raise _UnfitError(numbers.reason)
    if numbers.dtype.kind == "c":
        if not (np.abs(numbers.imag) <= IMAGINARY).all():
            raise _UnfitError("is complex, where real numbers are due")
        numbers = numbers.real
    return numbers.astype(np.float64)


def _entries(view: View) -> _Array:
    return _numbers(view.answers[0])


def _agree(expected: _Array, got: Value, view: View, reason: str, other: str = "") -> _Verdict:
    """Compare two answers of the student's own; the reason is the property's."""
    verdict = compare(expected, _numbers(got), replace(view.terms, nonfinite=False))
    if not np.isfinite(expected).all():
        return Wrong("your answer holds NaN or infinity", show(expected))
    if isinstance(verdict, Right):
        return verdict
    detail = verdict.detail or verdict.reason
    return Wrong(reason, f"{other}: {detail}" if other else detail)


def _same_result(check: ch.SameResult, view: View) -> _Verdict:
    for number in check.calls:
        reason = "two calls that must give the same answer do not"
        verdict = _agree(_entries(view), view.answers[number], view, reason, call_text(view.calls[number]))
        if isinstance(verdict, Wrong):
            return verdict
    return Right()


def _equivariant(check: ch.Equivariant, view: View) -> _Verdict:
    reason = f"when `{check.argument}` changes, the answer does not change as it must"
    try:
        expected = check.answer.apply(_entries(view))
    except (ValueError, IndexError, TypeError):
        return Wrong("the shape is wrong", f"got {np.shape(_entries(view))}")
    return _agree(expected, view.answers[check.call], view, reason, call_text(view.calls[check.call]))


def _joins(check: ch.Joins, view: View) -> _Verdict:
    reason = "the whole at once and piece by piece do not give the same"
    pieces = [_numbers(view.answers[number]) for number in check.calls]
    try:
        joined = np.concatenate(pieces) if check.how == "concatenate" else _total(pieces, check)
    except ValueError:
        return Wrong(
            reason, f"the pieces' answers have the shapes {', '.join(str(item.shape) for item in pieces)}"
        )
    return _agree(joined, view.answers[0], view, reason)


def _total(pieces: Sequence[_Array], check: ch.Joins) -> _Array:
    weights = check.lengths if check.how == "mean" else [1] * len(pieces)
    whole = sum(check.lengths) if check.how == "mean" else 1
    return np.asarray(sum(weight * item for weight, item in zip(weights, pieces, strict=True)) / whole)


def _sums_to(check: ch.SumsTo, view: View) -> _Verdict:
    entries = _entries(view)
    if check.axis is not None and not -entries.ndim <= check.axis < entries.ndim:
        return Wrong("the answer has too few axes", f"got shape {entries.shape}")
    sums = np.asarray(entries.sum(axis=check.axis))
    off = ~(np.abs(sums - check.total) <= view.terms.atol + view.terms.rtol * abs(check.total))
    along = "" if check.axis is None else f" along axis {check.axis}"
    found = show(sums[off].ravel()[0]) if off.any() else ""
    return _unless(
        off, f"the entries do not sum to what they must{along}", f"{show(check.total)} is due, got {found}"
    )


def _unless(wrong: _Array, reason: str, detail: str) -> _Verdict:
    return Wrong(reason, detail) if wrong.any() else Right()


def _every(good: _Array, entries: _Array, reason: str) -> _Verdict:
    """Return `reason`, with the first entry that is not good, unless all are."""
    if good.all():
        return Right()
    index = tuple(int(axis[0]) for axis in np.nonzero(~np.atleast_1d(good)))
    where = f"first at {place(index)}: " if entries.ndim else ""
    return Wrong(reason, f"{where}got {show(np.atleast_1d(entries)[index])}")


def _within(check: ch.Within, view: View) -> _Verdict:
    entries, terms = _entries(view), view.terms
    low = check.low - terms.atol - terms.rtol * abs(check.low)
    high = check.high + terms.atol + terms.rtol * abs(check.high)
    verdict = _every((entries >= low) & (entries <= high), entries, "an entry is outside of its range")
    if isinstance(verdict, Right):
        return verdict
    return replace(verdict, detail=f"the range is {show(check.low)} to {show(check.high)}; {verdict.detail}")


def _simply(check: ch.Holds, view: View) -> _Verdict:
    entries = _entries(view)
    if check.what == "symmetric":
        return _symmetric(entries, view)
    good, reason = {
        "positive": (entries > 0, "an entry is not positive"),
        "finite": (np.isfinite(entries), "your answer holds NaN or infinity"),
        "integer": (entries == np.round(entries), "an entry is no whole number"),
    }[check.what]
    return _every(good & np.isfinite(entries), entries, reason)


def _symmetric(entries: _Array, view: View) -> _Verdict:
    if entries.ndim != 2 or entries.shape[0] != entries.shape[1]:
        return Wrong("a square matrix is due", f"got shape {entries.shape}")
    return _agree(entries, entries.T, view, "the matrix is not symmetric", "against its transpose")


def _has_shape(check: ch.HasShape, view: View) -> _Verdict:
    found = _entries(view).shape
    return Right() if found == check.shape else Wrong("the shape is wrong", f"expected {check.shape}, got {found}")


_STEPS: dict[str, Callable[[_Array, float], Any]] = {
    "increasing": lambda step, _: step > 0,
    "decreasing": lambda step, _: step < 0,
    "nondecreasing": lambda step, slack: step >= -slack,
    "nonincreasing": lambda step, slack: step <= slack,
}


def _monotone(check: ch.Monotone, view: View) -> _Verdict:
    entries = _entries(view)
    if not -entries.ndim <= check.axis < entries.ndim:
        return Wrong("the answer has too few axes", f"got shape {entries.shape}")
    if not np.isfinite(entries).all():
        return Wrong("your answer holds NaN or infinity")
    steps = np.diff(entries, axis=check.axis)
    good = _STEPS[check.direction](steps, view.terms.atol)
    verdict = _every(good, steps, f"the entries are not {check.direction}")
    return verdict if isinstance(verdict, Right) else replace(verdict, detail=f"the step {verdict.detail}")


def _recovers(check: ch.Recovers, view: View) -> _Verdict:
    other = view.calls[check.call].function
    reason = f"`{other}` does not give back `{check.argument}` from the answer"
    return _agree(_numbers(check.value), view.answers[check.call], view, reason)


def _differentiates(check: ch.Differentiates, view: View) -> _Verdict:
    values = [_numbers(view.answers[number]) for number in check.calls]
    if len({value.shape for value in values}) > 1:
        return Wrong(f"your `{check.function}` does not always return the same shape")
    expected = central_differences(values, check.shape, check.step)
    reason = f"the answer is not the derivative of your `{check.function}`; one of the two is wrong"
    return _agree(expected, view.answers[0], view, reason, "by central differences")


def central_differences(values: Sequence[_Array | Unfit], shape: tuple[int, ...], step: float) -> _Array:
    """Return the derivative with respect to an argument of this shape: the axes of a value, then the argument's.

    Args:
        values: of the function, for each entry moved up and then down by `step`, in C order.
        shape: of the argument.
        step: how far each entry was moved.

    Raises:
        ValueError: the values are no real numbers of one shape.
    """
    first = values[0]
    numbers = [value for value in values if isinstance(value, np.ndarray) and value.dtype.kind in "biuf"]
    if isinstance(first, Unfit) or len(numbers) < len(values) or len({value.shape for value in numbers}) > 1:
        raise ValueError("it does not return real numbers, always in the same shape")
    exact = [value.astype(np.float64) for value in numbers]
    slopes = [(up - down) / (2 * step) for up, down in zip(exact[::2], exact[1::2], strict=True)]
    return np.moveaxis(np.array(slopes), 0, -1).reshape((*first.shape, *shape))


def _agrees(check: ch.Agrees, view: View) -> _Verdict:
    first, other = view.calls[0].function, view.calls[check.call].function
    reason = f"`{first}` and `{other}` must agree and do not"
    return _agree(_numbers(view.answers[check.call]), view.answers[0], view, reason, f"your `{other}`")


def _leaves(check: ch.Leaves, view: View) -> _Verdict:
    changed = [name for name in check.arguments if not same(view.args[name], view.after.get(name))]
    if not changed:
        return Right()
    return Wrong(f"`{view.calls[0].function}` changes its argument `{changed[0]}`; work on a copy")


def same(before: Value, after: Value) -> bool:
    """Whether an argument is still what it was, bit by bit, in its type and shape too."""
    return encode(before) == encode(after)


_HOLDS: dict[type, Callable[[Any, View], _Verdict]] = {
    ch.SameResult: _same_result,
    ch.Equivariant: _equivariant,
    ch.Joins: _joins,
    ch.SumsTo: _sums_to,
    ch.Within: _within,
    ch.Holds: _simply,
    ch.HasShape: _has_shape,
    ch.Monotone: _monotone,
    ch.Recovers: _recovers,
    ch.Differentiates: _differentiates,
    ch.Agrees: _agrees,
    ch.Leaves: _leaves,
}
