"""Wrong in one regime only, entry by entry: where an argument's entry is zero, negative, large or of one class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grader.judge.diagnosis.evidence import Explainer, diagnosis
from grader.judge.diagnosis.regimes import LARGE, repeated
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Array, Series

_MAX_CLASSES = 10

_HEAD = 300
"""Entries that are looked at first."""


@dataclass(frozen=True, slots=True)
class _Column:
    """All entries of one argument that has an entry for each of the answer's.

    Attributes:
        entries: the argument's.
        wrong: which of the answer's are wrong.
        zero: which of the answer's should be 0.
    """

    entries: Array
    wrong: Array
    zero: Array

    def just(self, chosen: Array) -> bool:
        """Whether the chosen entries are wrong and no others; a zero is right by chance in many regimes."""
        excused = chosen & self.zero & ~self.wrong
        return bool(self.wrong.any()) and bool(((self.wrong == chosen) | excused).all())

    def weight(self, chosen: Array) -> int:
        """Return how many entries speak for a regime: wrong ones in it and right ones outside of it."""
        return min(int((chosen & self.wrong).sum()), int((~chosen).sum()))

    def labels(self) -> bool:
        """Whether the entries are classes: a few integers from 0."""
        kinds = set(self.entries[:1000].tolist())
        classes = range(_MAX_CLASSES)
        return len(kinds) > 1 and kinds <= set(classes) and bool(np.isin(self.entries, classes).all())

    def plausible(self) -> bool:
        """Whether any regime at all holds."""
        entries, wrong = self.entries, self.wrong
        if not wrong.any():
            return True
        some = (entries == 0, entries < 0, entries <= 0, entries > 0, entries >= 0, entries == entries[wrong][0])
        return any(map(self.just, some)) or not wrong[np.abs(entries) < LARGE].any()


def _columns(series: Series) -> Iterator[_Column]:
    if not all(trial.alike for trial in series):
        return
    for name in series[0].args:
        beside = all(_beside(trial.args.get(name), trial.want) for trial in series)
        # A few entries tell as a rule that there is nothing to look for.
        if beside and _column(series[:1], name, _HEAD).plausible():
            yield _column(series, name)


def _beside(value: object, want: Array) -> bool:
    """Whether an argument has an entry for each entry of the answer. Single integers are indices or sizes."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fiu" and bool(value.shape == want.shape)
    return isinstance(value, (float, np.floating)) and want.shape == ()


def _column(series: Series, name: str, count: int | None = None) -> _Column:
    values = [np.asarray(trial.args[name], dtype=np.float64).reshape(-1)[:count] for trial in series]
    wrong = [trial.differs.reshape(-1)[:count] for trial in series]
    zero = [trial.want.reshape(-1)[:count] == 0 for trial in series]
    return _Column(np.concatenate(values), np.concatenate(wrong), np.concatenate(zero))


def _class(column: _Column) -> Diagnosis | None:
    says = "wrong only where the label is one of the classes, right for the others: check the term for that class"
    chosen = column.entries == column.entries[column.wrong][0]
    return diagnosis("wrong_for_one_class", says, column.just(chosen) and column.weight(chosen) - 1, base=0.95)


def _zero(column: _Column) -> Diagnosis | None:
    says = "wrong only at zero: check what the definition says there, and whether it is < or <= that is meant"
    zeros = column.entries == 0
    if not (column.wrong == zeros).all():
        return None
    right = int((~zeros).sum())
    # One zero that is wrong is enough if many others are right.
    return diagnosis("wrong_at_zero", says, min(int(zeros.sum()) + right // 4, right))


def _sign(column: _Column) -> Diagnosis | None:
    zeros = column.entries == 0
    for kind, inside in (("negative", column.entries < 0), ("positive", column.entries > 0)):
        for extent, chosen in (("", inside), (" or zero", inside | zeros)):
            if column.just(chosen):
                says = f"wrong only where the argument is {kind}{extent}: check that case of the definition"
                return diagnosis(f"wrong_for_{kind}", says, column.weight(chosen) - 1)
    return None


def _regime(series: Series) -> Diagnosis | None:
    for column in _columns(series):
        if not column.wrong.any():
            continue
        for regime in (_class,) if column.labels() else (_zero, _sign):
            found = regime(column)
            if found:
                return found
    return None


def _large(series: Series) -> Diagnosis | None:
    says = (
        "wrong only where the argument is large: look for an exponential that overflows or underflows, "
        "or for a limit that was put in against it"
    )
    for column in _columns(series):
        ordinary = np.abs(column.entries) < LARGE
        if column.wrong.any() and not column.wrong[ordinary].any() and not repeated(series):
            return diagnosis("wrong_for_large", says, int(ordinary.sum()) - 1, base=0.95)
    return None


EXPLAINERS: tuple[Explainer, ...] = (_regime,)
LARGE_ENTRIES: tuple[Explainer, ...] = (_large,)
"""Comes after the regime of whole cases that are large, which knows what overflowed."""
