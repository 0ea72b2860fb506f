"""Right up to a sign, a factor or an offset that is the same for all entries of all cases."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from grader.judge.diagnosis.evidence import Explainer, diagnosis, pointwise, weigh
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Array, Series, Trial


def _negated(series: Series) -> Diagnosis | None:
    says = "every value has the opposite sign: check what is subtracted from what, and where a minus stands"
    return diagnosis("negated", says, pointwise(series, np.negative))


def _times(factor: float) -> Callable[[Array], Array]:
    return lambda want: want * factor


def _plus(offset: float) -> Callable[[Array], Array]:
    return lambda want: want + offset


_TWO = (
    (
        "times_2",
        2.0,
        "every value is twice what it should be: look for a factor 2 that does not belong there, or a missing 1/2",
    ),
    (
        "times_half",
        0.5,
        "every value is half of what it should be: look for a missing factor 2, or a 1/2 that does not belong",
    ),
)


def _two(series: Series) -> Diagnosis | None:
    found = (diagnosis(kind, says, pointwise(series, _times(factor))) for kind, factor, says in _TWO)
    return next(filter(None, found), None)


_LENGTHS: tuple[tuple[str, Callable[[float], float], str], ...] = (
    (
        "times_n",
        lambda n: n,
        "every value is n times too large, n being {n}: is a division by n missing?",
    ),
    (
        "divided_by_n",
        lambda n: 1 / n,
        "every value is n times too small, n being {n}: is it a mean for a sum?",
    ),
    (
        "times_n_half",
        lambda n: n / 2,
        "every value lacks the factor 2/n, n being {n}: a mean of squares brings it",
    ),
    ("times_2_n", lambda n: 2 / n, "every value has a factor 2/n too many, n being {n}: leave it out"),
)

_Length = Callable[[Trial], int]


def _length(series: Series) -> Diagnosis | None:
    for name, length in _sources(series):
        # One length could be any constant.
        if len({length(trial) for trial in series if trial.want.any()}) < 2:
            continue
        for kind, factor, says in _LENGTHS:
            found = diagnosis(kind, says.format(n=name), weigh(series, _by_length(factor, length)))
            if found:
                return found
    return None


def _by_length(factor: Callable[[float], float], length: _Length) -> Callable[[Trial], Array]:
    return lambda trial: trial.want * factor(length(trial))


def _sources(series: Series) -> Iterator[tuple[str, _Length]]:
    """Yield what a sum may run over: the answer's entries, and each axis of each argument."""
    if all(trial.want.ndim == 1 for trial in series):
        yield "the number of entries", lambda trial: trial.want.size
    first = series[0].args
    for name, value in list(first.items())[:8]:
        for axis in range(min(np.ndim(value), 3) if isinstance(value, np.ndarray) else 0):
            if all(_has_axis(trial, name, axis) for trial in series):
                yield "the length of an argument", _axis(name, axis)


def _axis(name: str, axis: int) -> _Length:
    return lambda trial: int(trial.args[name].shape[axis])


def _has_axis(trial: Trial, name: str, axis: int) -> bool:
    value = trial.args.get(name)
    return isinstance(value, np.ndarray) and value.ndim > axis and value.shape[axis] > 0


_BASES = (math.log(2), 1 / math.log(2), math.log(10), 1 / math.log(10))


def _log_base(series: Series) -> Diagnosis | None:
    says = "every value is that of a logarithm to another base: the natural logarithm is np.log, not log2 or log10"
    weights = (pointwise(series, _times(factor)) for factor in _BASES)
    return diagnosis("log_base", says, next((weight for weight in weights if weight), None))


def _reference_entry(series: Series) -> tuple[float, float] | None:
    """Return the largest entry of the first trial that is small enough to measure a factor by, and what came."""
    first = series[0]
    if not first.alike or not first.want.size or first.want.dtype.kind == "c" or first.have.dtype.kind == "c":
        return None
    want, have = first.probe
    place = int(np.argmax(np.abs(want)))
    return float(want[place]), float(have[place])


def _factor(series: Series) -> Diagnosis | None:
    says = (
        "every value is wrong by one and the same factor: "
        "look for a constant that is missing, one too many, or in the wrong place"
    )
    entry = _reference_entry(series)
    if entry is None or not entry[0] or not np.isfinite(entry[1]) or abs(entry[1]) <= series[0].terms.atol * 100:
        return None
    weight = pointwise(series, _times(entry[1] / entry[0]))
    # The factor was read off one entry, which therefore says nothing.
    return diagnosis("constant_factor", says, weight and weight - 2, base=0.95)


def _off_by_one(series: Series) -> Diagnosis | None:
    for kind, offset, says in (
        ("one_too_many", 1.0, "every value is too large by 1: look for a + 1 too many or a missing - 1"),
        ("one_too_few", -1.0, "every value is too small by 1: look for a missing + 1 or a - 1 too many"),
    ):
        found = diagnosis(kind, says, pointwise(series, _plus(offset)))
        if found:
            return found
    return None


def _offset(series: Series) -> Diagnosis | None:
    says = (
        "every value is off by one and the same number: "
        "look for a constant that is added or subtracted where it should not be, or missing"
    )
    entry = _reference_entry(series)
    if entry is None or not np.isfinite(entry[1] - entry[0]):
        return None
    weight = pointwise(series, _plus(entry[1] - entry[0]))
    return diagnosis("constant_offset", says, weight and weight - 2, base=0.95)


EXPLAINERS: tuple[Explainer, ...] = (_negated, _two, _length, _log_base, _off_by_one)
UNNAMED: tuple[Explainer, ...] = (_factor, _offset)
"""Those that read their constant off the samples, and therefore come after all that need not."""
