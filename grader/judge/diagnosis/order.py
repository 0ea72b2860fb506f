"""The right numbers in another order or place, or too many or too few of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from grader.judge.diagnosis.evidence import Explainer, diagnosis, distinct, fits, weigh
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Array, Series, Trial

_MAX_SORTED = 5_000
"""Entries that are sorted to see whether they are the same; sorting more takes milliseconds."""

_MAX_SHIFT = 8
"""Places by which values may have been moved."""


def _flip(axes: tuple[int, ...]) -> Callable[[Trial], Array]:
    return lambda trial: np.flip(trial.want, axes)


def _reversed(series: Series) -> Diagnosis | None:
    says = (
        "the values are right, but in reverse order: "
        "check which end is counted from, and which of two operands comes first"
    )
    for axes in ((0,), (1,), (0, 1)):
        if all(trial.want.ndim > max(axes) for trial in series):
            found = diagnosis("reversed", says, weigh(series, _flip(axes)))
            if found:
                return found
    return None


def _shifted(series: Series) -> Diagnosis | None:
    says = (
        "the values are right, but stand some places too far along: "
        "check where the index starts, or where the result is cut out"
    )
    for direction in (1, -1):
        weight: float | None = -1.0
        for trial in series:
            moved = 0.0 if trial.right else _overlap(trial, direction)
            weight = None if weight is None or moved is None else weight + moved
        found = diagnosis("shifted", says, weight)
        if found:
            return found
    return None


def _overlap(trial: Trial, direction: int) -> float | None:
    """Return how many different values of a vector stand some places further along; None where none do."""
    if not trial.alike or trial.want.ndim != 1:
        return None
    first, second = (trial.want, trial.have)[::direction]
    count = first.size
    for places in range(1, min(_MAX_SHIFT, count // 2) + 1):
        kept = first[: count - places]
        if fits(kept, second[places:], trial.terms):
            # Equal values hide a shift.
            return max(0.0, distinct(kept) - 1)
    return None


def _permuted(series: Series) -> Diagnosis | None:
    says = "the values are right, but in another order: check the indices, or what is sorted"
    weight = 0.0
    for trial in series:
        if trial.right:
            continue
        if not trial.alike or trial.want.size > _MAX_SORTED:
            return None
        if not fits(np.sort(trial.want, axis=None), np.sort(trial.have, axis=None), trial.terms):
            return None
        # Values that tell places apart are what matters: zeros and ones are the same in many orders.
        weight += max(0.0, distinct(trial.want[trial.differs]) - 1)
    return diagnosis("permuted", says, weight - 1)


def _stretches(longer: Array, count: int) -> Iterator[Array]:
    """Yield the stretches of a vector that someone may have taken for the whole: at its ends or in its middle."""
    spare = longer.size - count
    for start in sorted({0, spare, spare // 2, spare - spare // 2}):
        yield longer[start : start + count]


def _is_part(whole: Array, part: Array, trial: Trial) -> bool:
    if not (whole.ndim == part.ndim == 1 and part.size < whole.size):
        return False
    return not part.size or any(fits(part, piece, trial.terms) for piece in _stretches(whole, part.size))


def _too_few(series: Series) -> Diagnosis | None:
    says = (
        "the values that come are right, but some are missing at an end: "
        "check where the loop, the slice or the result begins and ends"
    )
    return diagnosis("values_missing", says, _stretch_weight([(t, t.want, t.have) for t in series if not t.right]))


def _too_many(series: Series) -> Diagnosis | None:
    says = (
        "the values that are due are all there, but others stand before or after them: "
        "check where the result begins and ends"
    )
    return diagnosis(
        "values_too_many", says, _stretch_weight([(t, t.have, t.want) for t in series if not t.right])
    )


def _stretch_weight(wrong: list[tuple[Trial, Array, Array]]) -> float | None:
    if not all(_is_part(whole, part, trial) for trial, whole, part in wrong):
        return None
    # One value may be found at one of four places by chance.
    return sum(max(0.0, distinct(part) - 1) for _, _, part in wrong)


EXPLAINERS: tuple[Explainer, ...] = (_reversed, _shifted, _too_many)
UNNAMED: tuple[Explainer, ...] = (_permuted,)
"""Comes after the orders that have a name."""

MAY_BE_EMPTY: tuple[Explainer, ...] = (_too_few,)
"""Can be asked about answers without any entries."""
