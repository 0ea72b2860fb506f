"""A sum or a mean that was taken and is not due, or is due and was not taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grader.judge.diagnosis.evidence import Explainer, diagnosis, distinct, fits, weigh
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Array, Series, Trial


@dataclass(frozen=True, slots=True)
class _Reduction:
    """A sum or a mean along an axis, or of everything."""

    mean: bool
    axis: int | None = None

    def of(self, array: Array) -> Array:
        return np.asarray(array.mean(self.axis) if self.mean else array.sum(self.axis))

    def of_want(self, trial: Trial) -> Array:
        return self.of(trial.want)

    def leads_to_want(self, trial: Trial) -> bool:
        return fits(trial.want, self.of(trial.have), trial.terms)


def _reductions(dimensions: int, *, mean: bool) -> Iterator[_Reduction]:
    yield _Reduction(mean)
    for axis in range(min(dimensions, 3) if dimensions > 1 else 0):
        yield _Reduction(mean, axis)


def _taken(series: Series, *, mean: bool) -> float | None:
    """Return what speaks for the answer having been reduced."""
    dimensions = {trial.want.ndim for trial in series}
    if len(dimensions) != 1 or dimensions == {0} or not all(trial.want.size for trial in series):
        return None
    weights = (weigh(series, reduction.of_want) for reduction in _reductions(dimensions.pop(), mean=mean))
    return next((weight for weight in weights if weight), None)


def _due(series: Series, *, mean: bool) -> float | None:
    """Return what speaks for the answer not having been reduced."""
    dimensions = {trial.have.ndim for trial in series}
    if len(dimensions) != 1 or not all(trial.have.ndim > trial.want.ndim and trial.have.size for trial in series):
        return None
    several = [trial for trial in series if trial.have.size > trial.want.size]
    for reduction in _reductions(dimensions.pop(), mean=mean):
        if several and all(map(reduction.leads_to_want, series)):
            return sum(distinct(trial.want) for trial in several)
    return None


def _summed(series: Series) -> Diagnosis | None:
    says = (
        "the sum of the values comes where the single values are due: leave out the sum, or give it another axis"
    )
    return diagnosis("summed", says, _taken(series, mean=False))


def _averaged(series: Series) -> Diagnosis | None:
    says = (
        "the mean of the values comes where the single values are due: leave out the mean, or give it another axis"
    )
    return diagnosis("averaged", says, _taken(series, mean=True))


def _sum_missing(series: Series) -> Diagnosis | None:
    says = "single values come where their sum is due: add them up along the right axis, or multiply with @ for *"
    return diagnosis("sum_missing", says, _due(series, mean=False))


def _mean_missing(series: Series) -> Diagnosis | None:
    says = "single values come where their mean is due: average them along the right axis"
    return diagnosis("mean_missing", says, _due(series, mean=True))


EXPLAINERS: tuple[Explainer, ...] = (_summed, _averaged, _sum_missing, _mean_missing)
