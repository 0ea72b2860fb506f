"""Right but for an activation function that was applied to the answer, or forgotten."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.judge.diagnosis.evidence import Explainer, diagnosis, distinct, fits, weigh
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Array, Series, Trial


def _sigmoid(values: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-values)))


def _softplus(values: Array) -> Array:
    return np.asarray(np.logaddexp(0.0, values))


def _tanh(values: Array) -> Array:
    return np.asarray(np.tanh(values))


def _softmax(values: Array) -> Array:
    """Softmax along the last axis. Of a single number it is 1."""
    if not values.ndim or not values.size:
        return np.ones_like(values)
    weights = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


_Activation = Callable[[Array], Array]
_ACTIVATIONS: tuple[_Activation, ...] = (_sigmoid, _softplus, _tanh, _softmax)


def _reals(series: Series) -> bool:
    return all(trial.alike and trial.want.dtype.kind == trial.have.dtype.kind == "f" for trial in series)


def _after(function: _Activation) -> Callable[[Trial], Array]:
    return lambda trial: function(trial.want)


def _applied(series: Series) -> Diagnosis | None:
    says = "an activation function is applied at the end that is not due here: return the values before it"
    if not _reals(series):
        return None
    weights = (weigh(series, _after(function)) for function in _ACTIVATIONS)
    weight = next((weight for weight in weights if weight), None)
    return diagnosis("activation_applied", says, weight)


def _missing(series: Series) -> Diagnosis | None:
    says = (
        "an activation function is missing at the end: the values that come are those that it should be applied to"
    )
    if not _reals(series):
        return None
    for function in _ACTIVATIONS:
        if all(fits(trial.want, function(trial.have), trial.terms) for trial in series):
            weight = sum(distinct(trial.want[trial.differs]) for trial in series if not trial.right)
            return diagnosis("activation_missing", says, weight - 1)
    return None


EXPLAINERS: tuple[Explainer, ...] = (_applied, _missing)
