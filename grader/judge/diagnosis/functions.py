"""Right up to a simple function that was applied to every entry, or forgotten."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.judge.diagnosis.evidence import Explainer, diagnosis, pointwise
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Array, Series


def _complement(want: Array) -> Array:
    return 1 - want


def _no_negative(want: Array) -> Array:
    return np.where(want < 0, 0.0, want)


def _reciprocal(want: Array) -> Array:
    return 1 / want


_FUNCTIONS: tuple[tuple[str, Callable[[Array], Array], str], ...] = (
    (
        "complement",
        _complement,
        "every value is 1 minus what it should be: check which of the two sides is meant, and the sign inside",
    ),
    ("absolute", np.abs, "negative values come out positive: look for an absolute value that is one too many"),
    (
        "reciprocal",
        _reciprocal,
        "every value is 1 divided by what it should be: check what is divided by what",
    ),
    (
        "squared",
        np.square,
        "every value is the square of what it should be: look for a square that is one too many",
    ),
    (
        "square_root",
        np.sqrt,
        "every value is the square root of what it should be: look for a missing square or a root too many",
    ),
    (
        "log_missing",
        np.exp,
        "every value is the exponential of what it should be: take the logarithm, or leave out the exponential",
    ),
    (
        "exp_missing",
        np.log,
        "every value is the logarithm of what it should be: leave out the logarithm, or take the exponential",
    ),
)


def _reals(series: Series) -> bool:
    return all(trial.want.dtype.kind == trial.have.dtype.kind == "f" for trial in series)


def _function(kind: str, function: Callable[[Array], Array], says: str) -> Explainer:
    def explain(series: Series) -> Diagnosis | None:
        return diagnosis(kind, says, pointwise(series, function)) if _reals(series) else None

    return explain


def _negative_lost(series: Series) -> Diagnosis | None:
    """Its own, for zeros are what it foretells: it counts the entries instead of the values that came."""
    if not _reals(series) or pointwise(series, _no_negative) is None:
        return None
    says = "negative values come out as 0, all others are right: check what happens to numbers below zero"
    lost = sum(min(int((trial.want < 0).sum()), 4) for trial in series if not trial.right)
    kept = sum(min(int((trial.want > 0).sum()), 4) for trial in series if not trial.right)
    return diagnosis("negative_lost", says, min(lost, kept) - 1)


EXPLAINERS: tuple[Explainer, ...] = (*(_function(*item) for item in _FUNCTIONS), _negative_lost)
