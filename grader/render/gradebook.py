"""A batch's marks as one table of CSV: our own, or in the shape that a platform reads."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from grader.render import platforms
from grader.render.sheet import BOM, Cell, csv_lines
from grader.report import PersonReport, Report, points

Shape: TypeAlias = Literal["csv", "canvas", "moodle", "gradescope"]

_NOBODY = PersonReport(id="", name="", email="")
_Head: TypeAlias = Callable[[Report | None, Sequence[str]], list[list[Cell]]]
_Row: TypeAlias = Callable[[Report, PersonReport, Sequence[str]], list[Cell]]
_PLATFORMS: dict[Shape, tuple[_Head, _Row]] = {
    "canvas": (platforms.canvas_head, platforms.canvas_row),
    "moodle": (platforms.moodle_head, platforms.moodle_row),
    "gradescope": (platforms.gradescope_head, platforms.gradescope_row),
}


def gradebook_csv(reports: Iterable[Report], parts: Sequence[str], shape: Shape = "csv") -> Iterator[str]:
    """Yield a gradebook piece by piece: a line for each person, so one for each member of a group.

    Our own starts with a byte order mark, without which Excel takes UTF-8 for something else; those for platforms
    do not, since programs read them. Whoever has no mark, because the machine was at fault, has empty cells in our
    own and no line in the others: an empty cell could take an earlier mark away.

    Args:
        reports: taken one at a time, in the order of the lines.
        parts: ids of the parts, a column each; a report that lacks one has an empty cell.
        shape: whose.
    """
    if shape == "csv":
        yield BOM
        yield from csv_lines(_own(reports, parts))
    else:
        yield from csv_lines(_for_platform(reports, parts, *_PLATFORMS[shape]))


def _for_platform(reports: Iterable[Report], parts: Sequence[str], head: _Head, row: _Row) -> Iterator[list[Cell]]:
    remaining = iter(reports)
    # The assignment's title and points are in the header, and only a report knows them.
    first = next(remaining, None)
    yield from head(first, parts)
    for report in itertools.chain([first] if first else [], remaining):
        if report.score is not None:
            for person in _people(report):
                yield row(report, person, parts)


def _own(reports: Iterable[Report], parts: Sequence[str]) -> Iterator[list[Cell]]:
    totals = ("total", "late_deduction", "final", "pending", "max", "status", "late_hours", "submission")
    yield ["id", "name", "email", *parts, *totals]
    for report in reports:
        by_id = {part.id: part.score for part in report.parts}
        marks: list[Cell] = [
            *(by_id.get(part) for part in parts),
            report.score,
            report.late.deducted if report.late else None,
            platforms.final(report),
            report.pending_points if report.score is not None else None,
            report.max_score,
            report.status,
            _late_hours(report),
            report.submission.id,
        ]
        for person in _people(report):
            yield [person.id or person.email or report.submission.id, person.name, person.email, *marks]


def _people(report: Report) -> tuple[PersonReport, ...]:
    return report.submission.people or (_NOBODY,)


def _late_hours(report: Report) -> Decimal | str | None:
    """Return the hours after the due date; `unknown` when only the fact is known, nothing when not even that."""
    if report.late is not None and report.late.seconds is None:
        return "unknown"
    seconds = report.submission.late_seconds
    return points(Fraction(max(seconds, 0)) / 3600) if seconds is not None and math.isfinite(seconds) else None
