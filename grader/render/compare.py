"""A comparison of two gradings: as tables for a terminal, and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.compare import Comparison
from grader.compare.result import Change, Missing, PartChange, PartSummary
from grader.render.sheet import Cell, csv_lines
from grader.report import plain

_MOST_ROWS = 50
_COLUMNS = ("submission", "name", "old_status", "new_status", "old", "new", "change", "old_max", "new_max", "why")
_MEASURED = "same digests: something measured"


def compare_table(found: Comparison) -> RenderableType:
    """Return who changed and why, each part that did, who is missing on one side, and a summary."""
    shown: list[RenderableType] = []
    if found.changes:
        shown.append(_changes(found.changes[:_MOST_ROWS]))
        if len(found.changes) > _MOST_ROWS:
            shown.append(Text(f"and {len(found.changes) - _MOST_ROWS} more: --csv has them all", style="dim"))
    if found.parts:
        shown.append(_parts(found.parts))
    return Group(*shown, *_missing(found.missing), *_summary(found))


def compare_csv(found: Comparison) -> Iterator[str]:
    """Yield a line for each submission that changed or is missing; a part's column holds its change."""
    parts = list(dict.fromkeys(part.id for change in found.changes for part in change.parts))
    yield from csv_lines(_rows(found, parts))


def _rows(found: Comparison, parts: Sequence[str]) -> Iterator[list[Cell]]:
    yield [*_COLUMNS, *parts]
    for item in found.changes:
        by_id = {part.id: _difference(part) for part in item.parts}
        marks: list[Cell] = [item.old, item.new, item.change, item.old_max, item.new_max, ", ".join(item.why)]
        statuses: list[Cell] = [item.old_status, item.new_status]
        yield [item.id, item.who, *statuses, *marks, *(by_id.get(part) for part in parts)]
    for one in found.missing:
        is_old = one.side == "old"
        sides: list[Cell] = [None, "missing", one.final, None] if is_old else ["missing", None, None, one.final]
        yield [one.id, one.who, *sides, *[None] * (4 + len(parts))]


def _changes(changes: Sequence[Change]) -> Table:
    grid = _grid("Submission", "Old", "New", "Change", "Parts", "Why")
    for item in changes:
        grid.add_row(
            Text(f"{item.who} ({item.id})" if item.who and item.who != item.id else item.id, style="bold"),
            _mark(item.old, item.old_status),
            _mark(item.new, item.new_status),
            _signed(item.change),
            Text(", ".join(map(_part_words, item.parts))),
            Text(", ".join(item.why) or _MEASURED, style="" if item.why else "yellow"),
        )
    return grid


def _parts(parts: Sequence[PartSummary]) -> Table:
    grid = _grid("Part", "Gained", "Lost", "Mean change")
    for part in parts:
        grid.add_row(Text(part.id, style="bold"), str(part.gained), str(part.lost), _signed(part.mean_change))
    return grid


def _grid(first: str, *others: str) -> Table:
    grid = Table(box=None, padding=(0, 1), header_style="bold")
    grid.add_column(first, overflow="fold")
    for name in others:
        is_number = name not in {"Parts", "Why"}
        grid.add_column(name, overflow="fold", no_wrap=is_number, justify="right" if is_number else "left")
    return grid


def _missing(missing: Sequence[Missing]) -> Iterator[Text]:
    for side, words in (("old", "no longer there"), ("new", "new")):
        names = [one.id for one in missing if one.side == side]
        if names:
            more = f" and {len(names) - _MOST_ROWS} more" if len(names) > _MOST_ROWS else ""
            yield Text(f"{len(names)} {words}: {', '.join(names[:_MOST_ROWS])}{more}", style="yellow")


def _summary(found: Comparison) -> Iterator[Text]:
    mean = "" if found.mean_change is None else f", mean change {_sign(found.mean_change)}"
    colour = "bold yellow" if found.changes else "bold green"
    yield Text.assemble(f"{found.compared} compared, ", (f"{found.changed} changed", colour), mean)
    if found.causes:
        causes = ", ".join(f"{name} ({count})" for name, count in found.causes.items())
        yield Text(f"What differs in what marks follow from: {causes}")
    elif found.compared:
        yield Text("Nothing differs in what marks follow from.")


def _mark(score: Decimal | None, status: str) -> Text:
    words = "-" if score is None else plain(score)
    return Text(words if status == "graded" else f"{words} ({status.replace('_', ' ')})")


def _signed(number: Decimal | None) -> Text:
    if number is None:
        return Text("?", style="yellow")
    return Text(_sign(number), style="green" if number > 0 else "red" if number < 0 else "dim")


def _sign(number: Decimal) -> str:
    return f"{'+' if number > 0 else ''}{plain(number)}"


def _difference(part: PartChange) -> Decimal | None:
    return None if part.old is None or part.new is None else part.new - part.old


def _part_words(part: PartChange) -> str:
    if part.old is None or part.new is None:
        return f"{part.id} {'is new' if part.old is None else 'is gone'}"
    change = part.new - part.old
    words = [_sign(change)] if change else []
    for name, old, new in (("max", part.old_max, part.new_max), ("pending", part.old_pending, part.new_pending)):
        if old is not None and new is not None and old != new:
            words.append(f"{name} {plain(old)} to {plain(new)}")
    return f"{part.id} {', '.join(words)}" if len(words) < 2 else f"{part.id} ({', '.join(words)})"
