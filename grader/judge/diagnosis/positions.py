"""Wrong at certain places of the answer only: the given class's, the diagonal, the ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from grader.judge.diagnosis.evidence import Explainer, diagnosis, index_of
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Array, Series, Trial


def _wrong(series: Series, axes: int) -> list[Trial]:
    """Return the wrong trials; none if one is not of so many axes or has another shape than is due."""
    wrong = [trial for trial in series if not trial.right]
    return wrong if all(trial.alike and trial.want.ndim == axes for trial in wrong) else []


def _just(trial: Trial, places: Array) -> bool:
    """Whether just these places are wrong. A zero elsewhere in their like may be right by chance."""
    zero = np.abs(trial.want) <= trial.terms.atol
    return bool((trial.differs == places)[~zero].all() and not (trial.differs & ~places).any())


def _index(series: Series) -> Diagnosis | None:
    kinds = (
        (
            "wrong_at_index",
            False,
            "only the entry of the class or index that is given is wrong, all others are right",
        ),
        (
            "right_at_index",
            True,
            "only the entry of the class or index that is given is right, the others are wrong",
        ),
    )
    wrong = _wrong(series, 1)
    for name in series[0].args if wrong else ():
        places = [index_of(trial.args.get(name)) for trial in wrong]
        for kind, inverse, what in kinds:
            if all(_at(trial, place, inverse=inverse) for trial, place in zip(wrong, places, strict=True)):
                # Always the first or always the last would be another matter; of one entry or two it is not told.
                told = [place for trial, place in zip(wrong, places, strict=True) if trial.want.size > 2]
                says = f"{what}: check what is added or subtracted where"
                return diagnosis(kind, says, len(told) if len(set(told)) > 1 else 0)
    return None


def _at(trial: Trial, place: int | None, *, inverse: bool) -> bool:
    if place is None or not 0 <= place < trial.want.size:
        return False
    return _just(trial, (np.arange(trial.want.size) == place) != inverse)


def _diagonal(trial: Trial) -> Array:
    return np.eye(*trial.want.shape, dtype=bool)


def _beside(trial: Trial) -> Array:
    return ~_diagonal(trial)


def _matrix(series: Series) -> Diagnosis | None:
    wrong = _wrong(series, 2)
    if not wrong or not all(len(set(trial.want.shape)) == 1 for trial in wrong):
        return None
    kinds: tuple[tuple[str, Callable[[Trial], Array], str], ...] = (
        ("wrong_on_diagonal", _diagonal, "only the diagonal is wrong, all else is right"),
        ("wrong_off_diagonal", _beside, "the diagonal is right, and nothing beside it"),
    )
    for kind, places, what in kinds:
        if all(_just(trial, places(trial)) for trial in wrong):
            # A matrix of one entry is all diagonal.
            weight = sum(trial.want.shape[0] - 1 for trial in wrong)
            return diagnosis(kind, f"{what}: check the formula for that case", weight - 1)
    return None


def _ends(series: Series) -> Diagnosis | None:
    wrong = _wrong(series, 1)
    if not wrong or any(trial.differs.all() for trial in wrong):
        return None
    ends = [_borders(trial) for trial in wrong]
    weight = sum(min(int((~trial.differs).sum()), 3) > 1 for trial in wrong)
    for kind, fits, where in _borders_kinds(ends):
        if fits:
            return diagnosis(kind, f"wrong only at {where}: check where the loop or slice begins and ends", weight)
    return None


def _borders(trial: Trial) -> tuple[int, int] | None:
    """Return how many values are wrong at the start and at the end; None if one in between is wrong too."""
    right = np.flatnonzero(~trial.differs)
    first, last = int(right[0]), int(right[-1])
    return (first, trial.want.size - 1 - last) if last - first + 1 == right.size else None


def _borders_kinds(ends: list[tuple[int, int] | None]) -> Iterator[tuple[str, bool, str]]:
    some = [end for end in ends if end]
    whole = len(some) == len(ends)
    yield "wrong_start", whole and all(a and not b for a, b in some), "the start of the answer"
    yield "wrong_end", whole and all(b and not a for a, b in some), "the end of the answer"
    yield "wrong_ends", whole and all(a and b for a, b in some), "both ends of the answer"


EXPLAINERS: tuple[Explainer, ...] = (_index, _matrix, _ends)
