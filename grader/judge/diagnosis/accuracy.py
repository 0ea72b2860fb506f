"""Right values of which digits were lost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.judge.diagnosis.evidence import Explainer, diagnosis, distinct, pointwise
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Array, Series, Trial

_NEAR = 1e-3
"""Relative error below which a value is nearly right: a wrong formula hardly comes so near every time."""


def _reals(series: Series) -> bool:
    return all(trial.want.dtype.kind == trial.have.dtype.kind == "f" and trial.alike for trial in series)


def _beyond_one(series: Series) -> bool:
    """Whether something else than zeros and ones came: those are a step function's values as well."""
    return any(not trial.right and bool((np.abs(trial.have) > 1).any()) for trial in series)


def _truncated(series: Series) -> Diagnosis | None:
    says = (
        "all digits after the point are cut off: "
        "compute with floats, not integers; look for //, int(...) or an array with dtype=int"
    )
    if not _reals(series) or not _beyond_one(series):
        return None
    weights = (pointwise(series, function) for function in (np.trunc, np.floor))
    weight = next((weight for weight in weights if weight), None)
    # Between 0 and 1 everything is cut to 0, as in a function that is not written yet; the type tells them apart.
    integers = weight and all(trial.integers for trial in series if not trial.right)
    return diagnosis("truncated", says, weight and weight + (1 if integers else 0))


def _to(decimals: int) -> Callable[[Array], Array]:
    return lambda want: np.round(want, decimals)


def _rounded(series: Series) -> Diagnosis | None:
    says = "the values are right, but rounded: return all their digits"
    if not _reals(series):
        return None
    for decimals in range(0 if _beyond_one(series) else 1, 7):
        found = diagnosis("rounded", says, pointwise(series, _to(decimals)))
        if found:
            return found
    return None


def _not_rounded(series: Series) -> Diagnosis | None:
    says = "a number that is not whole comes where an integer is due: round it down, for instance with //"
    wrong = [trial for trial in series if not trial.right]
    due = all(trial.alike and trial.finite and trial.terms.atol == 0 for trial in series)
    if not due or not all(np.array_equal(np.floor(trial.have), trial.want) for trial in wrong):
        return None
    # An integer lies just below in every case; that alone would be chance in one.
    return diagnosis("not_rounded", says, sum(distinct(trial.have) for trial in wrong))


def _near(trial: Trial, bound: float) -> bool:
    want, have = trial.want, trial.have
    error = np.abs(have - want)
    return bool((error <= trial.terms.atol + bound * np.abs(want)).all())


def _single(array: Array, precision: type[np.floating]) -> Array:
    return array.astype(precision).astype(np.float64)


def _float32(series: Series) -> Diagnosis | None:
    says = "the values are right to a few digits only, those of 32 or 16 bits: compute with float64 throughout"
    if not _reals(series) or not all(trial.finite for trial in series):
        return None
    for precision, bound in ((np.float16, 3e-2), (np.float32, 1e-3)):
        if all((_single(trial.have, precision) == trial.have).all() for trial in series) and all(
            _near(trial, bound) for trial in series
        ):
            wrong = (trial for trial in series if not trial.right)
            # Only a value that needs more bits can show that they are missing.
            weight = sum(
                distinct(trial.want[(_single(trial.want, precision) != trial.want) & trial.differs])
                for trial in wrong
            )
            return diagnosis("float32", says, weight)
    return None


def _few_digits(series: Series) -> Diagnosis | None:
    says = (
        "the values are nearly right, but not to enough digits: look for a small constant that was added, "
        "a step that is too coarse, a rounded number, or a difference of nearly equal numbers"
    )
    if not _reals(series) or not all(trial.finite and _near(trial, _NEAR) for trial in series):
        return None
    weight = sum(distinct(trial.want[trial.differs]) for trial in series if not trial.right)
    return diagnosis("few_digits", says, weight - 1, base=0.95)


EXPLAINERS: tuple[Explainer, ...] = (_truncated, _not_rounded, _rounded, _float32, _few_digits)
