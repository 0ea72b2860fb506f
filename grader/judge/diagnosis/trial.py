"""Samples as arrays that can be compared: one series of trials for each item of the answer."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from grader.judge.compare import Terms, compare
from grader.judge.diagnosis.sample import Sample
from grader.judge.numbers import Unfit, as_numbers
from grader.judge.verdict import Right
from grader.wire import Value

Array: TypeAlias = np.ndarray[Any, Any]

_MAX_ITEMS = 8
"""A longer tuple is a vector and not several values."""

_MAX_ENTRIES = 2_000_000
"""Of all samples together; beyond it a diagnosis would take longer than the grading."""

_PROBE = 48
"""Entries on which an explanation is tried before all the others are looked at."""


@dataclass(frozen=True)
class Trial:
    """What should have come and what came, as arrays of float64 or complex128.

    Attributes:
        args: the arguments, by name.
        want: the right numbers.
        have: the numbers that came.
        terms: how exact they must be; nearly exact where integers are due.
        right: they are right.
        integers: what came was of an integer type.
    """

    args: Mapping[str, Value]
    want: Array
    have: Array
    terms: Terms
    right: bool
    integers: bool

    @functools.cached_property
    def alike(self) -> bool:
        """Whether both have one shape."""
        return bool(self.want.shape == self.have.shape)

    @functools.cached_property
    def finite(self) -> bool:
        """Whether all that came is finite."""
        return bool(np.isfinite(self.have).all())

    @functools.cached_property
    def differs(self) -> Array:
        """Which entries are wrong, where both have one shape."""
        return ~agree(self.want, self.have, self.terms)

    @functools.cached_property
    def probe(self) -> tuple[Array, Array]:
        """A few entries of each, those that are wrong first."""
        want, have = self.want.reshape(-1), self.have.reshape(-1)
        wrong = np.flatnonzero(self.differs.reshape(-1))[:_PROBE]
        return (want[wrong], have[wrong]) if wrong.size else (want[:_PROBE], have[:_PROBE])


Series: TypeAlias = Sequence[Trial]
"""The trials of one item of the answer, the wrong ones first and among them the small ones."""


def agree(want: Array, have: Array, terms: Terms) -> Array:
    """Return entry by entry whether `have` is `want` within the tolerance; both have one shape."""
    close = np.abs(have - want) <= terms.atol + terms.rtol * np.abs(want)
    return np.asarray((close & np.isfinite(have)) | (have == want) | (np.isnan(have) & np.isnan(want)))


def series_of(samples: Sequence[Sample]) -> list[list[Trial]]:
    """Return a series for each item of the answer; none when an answer is not built as it should be."""
    columns: dict[tuple[int | str, ...], list[Trial]] = {}
    entries = 0
    for sample in samples:
        leaves = list(_leaves(sample.expected, sample.got, sample))
        if any(trial is None for _, trial in leaves):
            return []
        for path, trial in leaves:
            assert trial is not None
            columns.setdefault(path, []).append(trial)
            entries += trial.want.size + trial.have.size
    if entries > _MAX_ENTRIES or any(len(column) != len(samples) for column in columns.values()):
        return []
    return [sorted(column, key=lambda trial: (trial.right, trial.have.size)) for column in columns.values()]


_Leaf: TypeAlias = tuple[tuple["int | str", ...], "Trial | None"]


def _leaves(expected: Value, got: Value, sample: Sample, path: tuple[int | str, ...] = ()) -> Iterator[_Leaf]:
    """Yield each item with its place; None for one that is wrong and cannot be compared as numbers."""
    pairs = _items(expected, got)
    if pairs is None:
        yield from _leaf(expected, got, sample, path)
        return
    for key, want, have in pairs:
        yield from _leaves(want, have, sample, (*path, key))


def _items(expected: Value, got: Value) -> list[tuple[int | str, Value, Value]] | None:
    if isinstance(expected, dict):
        if isinstance(got, dict) and set(got) == set(expected):
            return [(key, expected[key], got[key]) for key in sorted(expected)]
        return None
    if not is_several(expected) or not is_sequence(got) or len(got) != len(expected):
        return None
    return [(number, want, have) for number, (want, have) in enumerate(zip(expected, got, strict=True))]


def is_several(expected: Value) -> bool:
    """Whether the right answer is several values and not one array."""
    return isinstance(expected, tuple) and 0 < len(expected) <= _MAX_ITEMS


def is_sequence(got: Value) -> bool:
    """Whether what came has items."""
    return isinstance(got, (list, tuple)) or (isinstance(got, np.ndarray) and got.ndim > 0)


def _leaf(expected: Value, got: Value, sample: Sample, path: tuple[int | str, ...]) -> Iterator[_Leaf]:
    want = None if isinstance(expected, bool) else as_numbers(expected)
    have = as_numbers(got)
    right = sample.right or isinstance(compare(expected, got, sample.terms), Right)
    if want is None or isinstance(want, Unfit) or isinstance(have, Unfit):
        if not right:
            yield path, None
        return
    # Integers of a million would all be their neighbours within the tolerance for real numbers.
    exact = want.dtype.kind in "biu"
    terms = dataclasses.replace(sample.terms, rtol=1e-12, atol=0.0) if exact else sample.terms
    integers = have.dtype.kind in "iu"
    yield path, Trial(sample.args, _wide(want), _real(_wide(have), want), terms, right, integers)


def _wide(numbers: Array) -> Array:
    return numbers.astype(np.complex128 if numbers.dtype.kind == "c" else np.float64)


def _real(have: Array, want: Array) -> Array:
    """Drop imaginary parts that the judge overlooks."""
    if have.dtype.kind == "c" and want.dtype.kind != "c" and bool((np.abs(have.imag) <= 1e-9).all()):
        return have.real
    return have
