"""The diagnosis of a function: the first kind, cheapest first, that explains all its cases surely enough."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from grader.judge.diagnosis import (
    accuracy,
    activations,
    arguments,
    common,
    constant,
    effects,
    entries,
    functions,
    order,
    positions,
    reductions,
    regimes,
    scale,
    shapes,
    softmax_axis,
)
from grader.judge.diagnosis.evidence import THRESHOLD
from grader.judge.diagnosis.sample import Diagnosis, Sample
from grader.judge.diagnosis.trial import Series, Trial, series_of
from grader.wire import Opaque, Value

_OBSERVERS = (*effects.OBSERVERS, *constant.OBSERVERS)

# The order matters where two explanations hold: what says most comes first, what fits by chance last.
_EXPLAINERS = (
    *constant.EXPLAINERS,
    *shapes.EXPLAINERS,
    *scale.EXPLAINERS,
    *reductions.EXPLAINERS,
    *order.EXPLAINERS,
    *softmax_axis.EXPLAINERS,
    *arguments.EXPLAINERS,
    *entries.EXPLAINERS,
    *regimes.EXPLAINERS,
    *entries.LARGE_ENTRIES,
    *positions.EXPLAINERS,
    *functions.EXPLAINERS,
    *activations.EXPLAINERS,
    *accuracy.EXPLAINERS,
    *scale.UNNAMED,
    *common.EXPLAINERS,
    *order.UNNAMED,
)

_BESIDES = "; besides, large entries give NaN or infinity"


def diagnose(samples: Sequence[Sample]) -> Diagnosis | None:
    """Return what kind of wrong a function is; None when nothing is wrong or nothing sure can be said.

    Args:
        samples: the cases in which the function returned something, be it None.
    """
    if all(sample.right for sample in samples) or any(_holds_opaque(sample.expected) for sample in samples):
        return None
    with np.errstate(all="ignore"):
        for observe in _OBSERVERS:
            found = observe(samples)
            if found and found.sure >= THRESHOLD:
                return found
        return _of_items(series_of(samples))


def _holds_opaque(expected: Value) -> bool:
    """Whether a right answer holds what did not travel. No key has one, and nothing can be compared with it."""
    if isinstance(expected, (list, tuple, dict)):
        return any(map(_holds_opaque, expected.values() if isinstance(expected, dict) else expected))
    return isinstance(expected, Opaque)


def _of_items(items: Sequence[Series]) -> Diagnosis | None:
    """Return what explains every item of the answer that is wrong."""
    wrong = [item for item in items if not all(trial.right for trial in item)]
    found = [_of_series(item) for item in wrong]
    sure = [one for one in found if one]
    if not sure or len(sure) < len(found) or len({one.kind for one in sure}) > 1:
        return None
    least = min(sure, key=lambda one: one.sure)
    if len(wrong) == len(items):
        return least
    return dataclasses.replace(least, says=f"in the part of the answer that is wrong, {least.says}")


def _of_series(series: Series) -> Diagnosis | None:
    found = _first(series)
    if found:
        return found
    # An overflow comes on top of many a mistake. Set aside, it leaves the other to be found.
    rest = [trial for trial in series if trial.right or not regimes.overflowed(trial)]
    if len(rest) == len(series) or all(trial.right for trial in rest):
        return None
    found = _first(rest)
    return found and dataclasses.replace(found, says=found.says + _BESIDES)


def _first(series: Series) -> Diagnosis | None:
    if any(trial.right and not _trusted(trial) for trial in series):
        return None
    # Most explainers look at the largest entry, or the mean: there must be one.
    empty = any(not trial.have.size or not trial.want.size for trial in series)
    for explain in order.MAY_BE_EMPTY if empty else (*order.MAY_BE_EMPTY, *_EXPLAINERS):
        found = explain(series)
        if found and found.sure >= THRESHOLD:
            return found
    return None


def _trusted(trial: Trial) -> bool:
    """Whether a right trial looks right from here: shapes as they are due, entries within the tolerance."""
    return trial.alike and not bool(trial.differs.any())
