"""The differences between two gradings, found in one pass: two reports in memory at a time, and a tally."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from grader.compare.marks import DamagedError, Marks, Pair, PartMark, pairs, read_marks
from grader.compare.result import Change, Comparison, Missing, PartChange, PartSummary
from grader.plainly import printable
from grader.report import points

_NO_PART = (None, None, None)


def compare(old: Path, new: Path) -> Comparison:
    """Return what differs between two results folders, or two reports.

    Raises:
        UserError: there is nothing to compare.
    """
    tally = _Tally()
    for pair in pairs(old, new):
        try:
            tally.take(pair)
        except DamagedError as error:
            tally.damaged.append(str(error))
    return tally.result(printable(str(old)), printable(str(new)))


@dataclass(slots=True)
class _Sum:
    """Of changes: how many up, how many down, how many in all, and by how much together."""

    gained: int = 0
    lost: int = 0
    count: int = 0
    total: Decimal = Decimal(0)

    def add(self, change: Decimal) -> None:
        self.gained += change > 0
        self.lost += change < 0
        self.count += 1
        self.total += change

    @property
    def mean(self) -> Decimal:
        return points(Fraction(self.total) / self.count)


@dataclass(slots=True)
class _Tally:
    """What has been found so far."""

    compared: int = 0
    final: _Sum = field(default_factory=_Sum)
    parts: dict[str, _Sum] = field(default_factory=dict)
    causes: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    numbers: dict[Decimal, Decimal] = field(default_factory=dict)
    """One of each number: new ones for each part would take hundreds of megabytes for ten thousand submissions."""

    def take(self, pair: Pair) -> None:
        old = read_marks(pair.old) if pair.old else None
        new = read_marks(pair.new) if pair.new else None
        if old and new:
            self._compare(pair.id, old, new)
        elif old:
            self.missing.append(Missing(pair.id, old.who, "old", old.final))
        elif new:
            self.missing.append(Missing(pair.id, new.who, "new", new.final))

    def _compare(self, submission_id: str, old: Marks, new: Marks) -> None:
        why = tuple(_causes(old, new))
        parts = tuple(self._parts(old, new))
        change = None
        if old.final is not None and new.final is not None:
            change = new.final - old.final
            self.final.add(change)
        self.compared += 1
        self.causes.update(why)
        if parts or _whole(old) != _whole(new):
            self.changes.append(
                Change(
                    id=submission_id,
                    who=new.who or old.who,
                    old_status=old.status,
                    new_status=new.status,
                    old=old.final,
                    new=new.final,
                    change=change,
                    old_max=old.max_score,
                    new_max=new.max_score,
                    parts=parts,
                    why=why,
                )
            )

    def _parts(self, old: Marks, new: Marks) -> Iterator[PartChange]:
        before, after = ({printable(part.id): part for part in marks.parts} for marks in (old, new))
        for part_id in {**after, **before}:
            one, other = before.get(part_id), after.get(part_id)
            if one and other:
                self.parts.setdefault(part_id, _Sum()).add(other.score - one.score)
            if _points(one) != _points(other):
                (old_score, old_max, old_pending), (new_score, new_max, new_pending) = (
                    [None if value is None else self.numbers.setdefault(value, value) for value in _points(part)]
                    for part in (one, other)
                )
                yield PartChange(part_id, old_score, new_score, old_max, new_max, old_pending, new_pending)

    def result(self, old: str, new: str) -> Comparison:
        return Comparison(
            old=old,
            new=new,
            compared=self.compared,
            changed=len(self.changes),
            mean_change=self.final.mean if self.final.count else None,
            causes=dict(self.causes),
            parts=tuple(
                PartSummary(part_id, part.gained, part.lost, part.mean)
                for part_id, part in self.parts.items()
                if part.gained or part.lost
            ),
            changes=tuple(sorted(self.changes, key=_rank)),
            missing=tuple(self.missing),
            damaged=tuple(self.damaged),
        )


def _points(part: PartMark | None) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return _NO_PART if part is None else (part.score, part.max_score, part.pending_points)


def _whole(marks: Marks) -> tuple[object, ...]:
    return marks.status, marks.score, marks.final, marks.max_score, marks.pending_points


def _causes(old: Marks, new: Marks) -> Iterator[str]:
    for name in {**new.provenance, **old.provenance}:
        if old.provenance.get(name) != new.provenance.get(name):
            yield printable(name)
    if old.submission.files != new.submission.files:
        yield "files"
    if old.submission.late_seconds != new.submission.late_seconds:
        yield "lateness"


def _rank(change: Change) -> tuple[bool, Decimal, str]:
    return change.change is not None, -abs(change.change or Decimal(0)), change.id
