"""Probabilities that sum to 1 along another axis than is due."""

from __future__ import annotations

import numpy as np

from grader.judge.diagnosis.evidence import Explainer, diagnosis
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Array, Series, Trial


def _sums_to_one(array: Array, axis: int | None) -> bool:
    return bool((np.abs(array.sum(axis) - 1) < 1e-6).all())


def _positive(trial: Trial) -> bool:
    shaped = trial.alike and trial.want.ndim == 2 and min(trial.want.shape) > 1
    reals = trial.want.dtype.kind == trial.have.dtype.kind == "f"
    return shaped and reals and bool((trial.want >= 0).all() and (trial.have >= 0).all())


def _elsewhere(trial: Trial, axis: int) -> bool:
    """Whether what is due sums to 1 along `axis`, and what came along the other one or as a whole."""
    return (
        _sums_to_one(trial.want, axis)
        and not _sums_to_one(trial.have, axis)
        and (_sums_to_one(trial.have, 1 - axis) or _sums_to_one(trial.have, None))
    )


def _axis(series: Series) -> Diagnosis | None:
    says = (
        "the values sum to 1 along the wrong axis: each distribution must be divided by its own sum, "
        "so give max and sum the axis (and keepdims=True)"
    )
    wrong = [trial for trial in series if not trial.right]
    if not all(_positive(trial) for trial in wrong):
        return None
    if not any(all(_elsewhere(trial, axis) for trial in wrong) for axis in (0, 1)):
        return None
    return diagnosis("softmax_axis", says, sum(min(trial.want.shape) for trial in wrong) - 1)


EXPLAINERS: tuple[Explainer, ...] = (_axis,)
