"""Right up to a factor or an offset that is the same within a case and differs from case to case."""

from __future__ import annotations

import numpy as np

from grader.judge.diagnosis.evidence import Explainer, diagnosis, fits, telling
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Array, Series, Trial


def _usable(trial: Trial) -> bool:
    reals = trial.want.dtype.kind == trial.have.dtype.kind == "f"
    return trial.alike and trial.finite and reals and trial.want.size > 0 and bool(np.isfinite(trial.want).all())


def _weight(series: Series, *, factor: bool) -> float | None:
    """Return what speaks for a factor or an offset that was read off each trial anew."""
    weight = 0.0
    for trial in series:
        if trial.right:
            continue
        candidate = _candidate(trial, factor=factor) if _usable(trial) else None
        if candidate is None or not fits(candidate, trial.have, trial.terms):
            return None
        # A single entry fits whatever comes.
        weight += max(0.0, telling(trial, candidate) - 1)
    return weight


def _candidate(trial: Trial, *, factor: bool) -> Array | None:
    place = np.unravel_index(int(np.argmax(np.abs(trial.want))), trial.want.shape)
    want, have = trial.want[place], trial.have[place]
    if not factor:
        return np.asarray(trial.want + (have - want))
    if not want or abs(have) <= 100 * trial.terms.atol:
        return None
    return np.asarray(trial.want * (have / want))


def _not_normalised(series: Series) -> Diagnosis | None:
    says = (
        "the values are in the right proportion to each other, but do not sum to 1: "
        "divide them by their own sum, over the right entries"
    )
    sums = all(
        trial.want.ndim == 1 and abs(trial.want.sum() - 1) < 1e-9 and (trial.want >= 0).all() for trial in series
    )
    if not sums or any(not trial.right and trial.alike and abs(trial.have.sum() - 1) < 1e-6 for trial in series):
        return None
    weight = _weight(series, factor=True)
    return diagnosis("not_normalised", says, weight and weight - 1)


def _factor(series: Series) -> Diagnosis | None:
    says = (
        "within each case all values are wrong by the same factor, which differs from case to case: look for "
        "a factor or a division that depends on the arguments and is missing, one too many or wrong"
    )
    weight = _weight(series, factor=True)
    return diagnosis("common_factor", says, weight and weight - 1, base=0.95)


def _offset(series: Series) -> Diagnosis | None:
    says = (
        "within each case all values are off by the same number, which differs from case to case: look for "
        "a term that depends on the arguments and is missing, one too many or wrong"
    )
    weight = _weight(series, factor=False)
    return diagnosis("common_offset", says, weight and weight - 1, base=0.95)


EXPLAINERS: tuple[Explainer, ...] = (_not_normalised, _factor, _offset)
