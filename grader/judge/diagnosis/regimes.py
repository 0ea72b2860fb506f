"""Wrong in one regime only: large entries, a zero, one class, equal indices; by whole cases."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.judge.diagnosis.evidence import Explainer, diagnosis, index_of, magnitude
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Series, Trial

LARGE = 30.0
"""Entries from which exponentials and their sums lose everything that float64 holds."""

OVERFLOW = (
    "right for ordinary entries, NaN or infinity for large ones: an exponential overflows, or what it underflows "
    "to is divided by or meets a logarithm; rearrange the formula so that this cannot happen"
)


def overflowed(trial: Trial) -> bool:
    """Whether NaN or infinity came where a number is due, for large entries."""
    if trial.finite or not np.isfinite(trial.want).all() or magnitude(trial.args) < LARGE:
        return False
    return _wrong_where_large(trial)


def _wrong_where_large(trial: Trial) -> bool:
    """Whether an entry is wrong that is large, or stands beside a large one; or there are no such pairs.

    Where large entries are right and only ordinary ones beside them are wrong, it is not their size that matters.
    """
    entries = [np.asarray(value) for value in trial.args.values() if isinstance(value, (np.ndarray, np.floating))]
    beside = [value for value in entries if value.dtype.kind == "f" and value.shape == trial.want.shape]
    if not trial.alike or not beside:
        return True
    large = np.abs(trial.want) >= LARGE
    for value in beside:
        large |= np.abs(value) >= LARGE
    return not large.any() or bool((large & trial.differs).any())


def repeated(series: Series) -> bool:
    """Whether a wrong answer is another trial's, as when answers are remembered under too few of the arguments.

    Then it depends on the order of the calls which ones are wrong, and not on what is in them.
    """
    return any(
        trial.have.size > 1
        and np.unique(trial.have).size > 1
        and any(np.array_equal(trial.have, other.have) for other in series if other.right)
        for trial in series
        if not trial.right
    )


def _ordinary(series: Series) -> list[Trial]:
    """Return the trials without large entries that hold something to get wrong."""
    return [trial for trial in series if magnitude(trial.args) < LARGE]


def _large(series: Series) -> Diagnosis | None:
    wrong = [trial for trial in series if not trial.right]
    ordinary = _ordinary(series)
    if not all(trial.right for trial in ordinary) or len(ordinary) < 2:
        return None
    if not all(map(_wrong_where_large, wrong)) or repeated(series):
        return None
    if any(map(overflowed, wrong)):
        return diagnosis("overflow", OVERFLOW, len(wrong) + len(ordinary))
    says = (
        "right for ordinary entries, wrong for large ones: look for an exponential that overflows or underflows, "
        "a constant or a limit that was put in against it, or a difference of nearly equal numbers"
    )
    return diagnosis("wrong_for_large", says, len(wrong) + len(ordinary) - 2, base=0.95)


_Regime = Callable[[Trial], bool]


def _split(series: Series, inside: _Regime) -> tuple[int, int] | None:
    """Return how many trials are wrong and right, if the wrong ones are just those inside of the regime."""
    # A zero is right by chance in many regimes.
    if any(trial.right == inside(trial) for trial in series if trial.want.any() or not trial.right):
        return None
    if repeated(series):
        return None
    wrong = sum(not trial.right for trial in series)
    return wrong, sum(trial.right and not inside(trial) for trial in series)


def _zero(series: Series) -> Diagnosis | None:
    says = "wrong only where an argument is zero: look for a division by it, a logarithm of it, or a case left out"
    for name in series[0].args:
        counts = _split(series, _is_zero(name))
        if counts and counts[1] >= 4 and _zero_and_not_equal(series, name):
            return diagnosis("wrong_at_zero", says, sum(counts), base=0.9)
    return None


def _is_zero(name: str) -> _Regime:
    """Make a test of an argument being zero throughout; a single integer's zero is a place or a size."""

    def inside(trial: Trial) -> bool:
        value = trial.args.get(name)
        array = isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size > 0
        return (array or isinstance(value, (float, np.floating))) and not np.any(value)

    return inside


def _zero_and_not_equal(series: Series, name: str) -> bool:
    """Whether zero matters, and not that all entries are equal: a case with other equal ones is right."""
    values = [(trial, np.asarray(trial.args[name])) for trial in series]
    if all(value.size < 2 for trial, value in values if not trial.right):
        return True
    return any(
        trial.right and value.size > 1 and value.any() and bool((value == value.flat[0]).all())
        for trial, value in values
    )


def _indices(series: Series) -> list[str]:
    return [name for name in series[0].args if all(index_of(trial.args.get(name)) is not None for trial in series)]


def _one_class(series: Series) -> Diagnosis | None:
    says = (
        "wrong only for one value of the class or index that is given: "
        "look for a case that was left out, or for counting from 1 instead of 0"
    )
    values = [(name, index_of(series[0].args[name])) for name in _indices(series)]
    splits = [_split(series, _is_class(name, value)) for name, value in values]
    found = [counts for counts in splits if counts and counts[0] >= 3 and counts[1] >= 4]
    # Two arguments that fit: one of them does by chance, and it cannot be told which.
    return diagnosis("wrong_for_one_class", says, sum(found[0]), base=0.85) if len(found) == 1 else None


def _is_class(name: str, value: int | None) -> _Regime:
    return lambda trial: index_of(trial.args[name]) == value


def _equal_indices(series: Series) -> Diagnosis | None:
    names = _indices(series)
    if len(names) != 2:
        return None
    for equal, kind, which in ((True, "equal_indices", "are equal"), (False, "unequal_indices", "differ")):
        counts = _split(series, _are_equal(*names, equal=equal))
        if counts and min(counts) >= 2:
            says = (
                f"wrong only where the two indices {which}, right otherwise: "
                "check the formula for that case, and that each index stands where it belongs"
            )
            return diagnosis(kind, says, sum(counts) - 1, base=0.95)
    return None


def _are_equal(first: str, second: str, *, equal: bool) -> _Regime:
    return lambda trial: (index_of(trial.args[first]) == index_of(trial.args[second])) == equal


EXPLAINERS: tuple[Explainer, ...] = (_large, _zero, _equal_indices, _one_class)
