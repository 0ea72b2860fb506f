"""How much speaks for an explanation: entries that it foretells and that the right answer does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from grader.judge.compare import Terms
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Array, Series, Trial, agree
from grader.wire import Value

Explainer: TypeAlias = Callable[[Series], "Diagnosis | None"]

THRESHOLD = 0.8
"""Less sure than this stays silent: a wrong diagnosis is worse than none."""

_CHANCE = 0.4
"""What each entry that fits leaves of the doubt. One alone never suffices, two do where the kind is certain."""

_ENOUGH = 64
"""Entries of one trial that are counted; more do not make anything surer."""


def diagnosis(kind: str, says: str, weight: float | None, *, base: float = 0.98) -> Diagnosis | None:
    """Return a diagnosis that is the surer, the more speaks for it; None when nothing does.

    Args:
        kind: its identifier.
        says: its sentence.
        weight: what speaks for it, in entries; None when something speaks against it.
        base: how sure it is at best.
    """
    if weight is None or weight <= 0:
        return None
    return Diagnosis(kind, says, base * (1 - _CHANCE**weight))


def fits(candidate: Array, actual: Array, terms: Terms) -> bool:
    """Whether `actual` is what `candidate` foretells, shape included."""
    if candidate.shape != actual.shape or not candidate.size:
        return False
    # A thousand entries tell as a rule that there is nothing to compare the others for.
    head = slice(0, 1000)
    if candidate.size > 1000 and not agree(candidate.reshape(-1)[head], actual.reshape(-1)[head], terms).all():
        return False
    return bool(agree(candidate, actual, terms).all())


def weigh(series: Series, foretell: Callable[[Trial], Array | None]) -> float | None:
    """Return what speaks for an explanation; None when it fails for a trial, be it a right or a wrong one.

    Args:
        series: the trials.
        foretell: gives what a submission with this mistake would return, or None where it cannot be.
    """
    weight = 0.0
    for trial in series:
        candidate = foretell(trial)
        if candidate is None or not fits(candidate, trial.have, trial.terms):
            return None
        if not trial.right:
            weight += telling(trial, candidate)
    return weight


def pointwise(series: Series, function: Callable[[Array], Array]) -> float | None:
    """Return what speaks for `function` having been applied to each entry of the right answer."""
    first = series[0]
    if not first.alike:
        return None
    want, have = first.probe
    if not agree(function(want), have, first.terms).all():
        return None
    return weigh(series, lambda trial: function(trial.want))


def telling(trial: Trial, candidate: Array) -> float:
    """Return how much one trial says for a candidate that fits: what differs from the right answer, once each."""
    values = candidate.reshape(-1)
    if candidate.shape == trial.want.shape:
        # By three times the tolerance, or what is right within it would count.
        wide = np.abs(candidate - trial.want) > 3 * (trial.terms.atol + trial.terms.rtol * np.abs(trial.want))
        values = candidate[wide]
    return distinct(values, 100 * trial.terms.atol)


def distinct(values: Array, least: float = 0.0) -> float:
    """Return how many different numbers there are, zeros left out, and small integers counted half.

    Many wrong formulas give 0 or 1 somewhere; none gives 0.731059 by chance.
    """
    values = values.reshape(-1)[: 20 * _ENOUGH]
    # Not by `unique`: it tells numbers apart by their last bits.
    seen = {f"{value:.6g}": value for value in values[(np.abs(values) > least) & np.isfinite(values)].tolist()}
    return sum(
        0.5 if value == int(value.real) and abs(value) < 100 else 1.0 for value in list(seen.values())[:_ENOUGH]
    )


def magnitude(args: Mapping[str, Value]) -> float:
    """Return the largest absolute value among the real numbers of the arguments; indices and sizes are none."""
    largest = 0.0
    for value in args.values():
        if isinstance(value, (float, np.floating)) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
            entries = np.abs(np.asarray(value, dtype=np.float64))
            largest = max(largest, float(np.max(entries, initial=0.0, where=~np.isnan(entries))))
    return largest


def index_of(value: Value) -> int | None:
    """Return an argument that is one integer, such as a class or a place; None for all others."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return int(value)
    return None
