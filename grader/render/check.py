"""A rubric's proof as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.check import CheckResult
from grader.check.result import MutantResult, PartResult
from grader.report import plain

_MANY_IDLE = 12


def check_table(result: CheckResult) -> RenderableType:
    """Return what was found: the proofs, the parts, the mutants that keep full marks, what is wrong."""
    return Group(
        Text.assemble((result.title, "bold"), f" · {plain(result.points)} points over {len(result.parts)} parts"),
        _proofs(result),
        _parts(result.parts),
        *_survivors(result.mutation.survivors),
        *_notes(result),
        _conclusion(result),
    )


def _proofs(result: CheckResult) -> Table:
    grid = _grid("Proof", "Holds", "What was seen")
    for run in result.reference:
        _row(
            grid,
            f"the reference, {run.run}",
            holds=run.is_right,
            seen=run.detail or "every point of its functions",
        )
    for item in result.trivial:
        _row(grid, f"one that {item.name}", holds=not item.earning, seen=f"earns {plain(item.score)}")
    known = len(result.mistakes)
    costing = sum(item.loses for item in result.mistakes)
    named = sum(item.is_named for item in result.mistakes)
    seen = f"{costing} of {known} cost points, {named} are named"
    _row(grid, "known mistakes", holds=costing == named == known, seen=seen)
    mutation = result.mutation
    seen = (
        f"{mutation.score:g} % (at least {mutation.least:g}): {mutation.killed} of {mutation.mutants} lose points,"
        f" {len(mutation.equivalent)} are equivalent, {len(mutation.survivors)} keep full marks"
    )
    _row(grid, "mutants of the reference", holds=mutation.score >= mutation.least, seen=seen)
    tight = sum(item.kind == "too_tight" for item in result.calibration)
    loose = len(result.calibration) - tight
    seen = f"{tight} too tight for rounding, {loose} accept a known mistake by its size"
    _row(grid, "tolerances", holds=not tight, seen=seen)
    return grid


def _row(grid: Table, name: str, *, holds: bool, seen: str) -> None:
    grid.add_row(Text(name), Text("yes" if holds else "NO", style="green" if holds else "bold red"), Text(seen))


def _parts(parts: Sequence[PartResult]) -> Table:
    grid = _grid("Part", "Points", "Cases", "Hidden", "Mistakes", "Mutants", "ms", "Title")
    for column in grid.columns[1:-1]:
        column.justify = "right"
    for part in parts:
        numbers = (
            plain(part.points),
            part.cases or "",
            f"{100 * part.hidden_share:.0f} %" if part.cases else "",
            part.mistakes or "",
            part.mutants or "",
            f"{1000 * part.seconds:.1f}",
        )
        grid.add_row(Text(part.id, style="bold"), *map(str, numbers), Text(part.title))
    return grid


def _survivors(survivors: Sequence[MutantResult]) -> Iterator[RenderableType]:
    for item in survivors:
        where = f"keeps full marks in {', '.join(item.parts)}"
        yield Text.assemble("\n", (item.id, "bold yellow"), f" {where}: a case is missing, or it is equivalent")
        for line in item.diff.splitlines()[2:]:
            yield Text(f"  {line}", style={"+": "green", "-": "red"}.get(line[:1], "dim"))


def _notes(result: CheckResult) -> Iterator[Text]:
    idle = [case.id for case in result.cases if not case.catches]
    if idle:
        more = f" and {len(idle) - _MANY_IDLE} more" if len(idle) > _MANY_IDLE else ""
        listed = ", ".join(idle[:_MANY_IDLE])
        what = "1 case catches" if len(idle) == 1 else f"{len(idle)} cases catch"
        yield Text(f"\n{what} no mistake and no mutant: {listed}{more}", style="dim")
    yield from (Text(f"warning: {line}", style="yellow") for line in result.warnings)
    yield from (Text(f"wrong: {line}", style="bold red") for line in result.problems)


def _conclusion(result: CheckResult) -> Text:
    count = len(result.problems)
    words = "This rubric holds." if result.is_good else f"{count} thing{'s are' if count > 1 else ' is'} wrong."
    return Text.assemble((words, "bold green" if result.is_good else "bold red"), f" {result.seconds:.0f} s")


def _grid(*columns: str) -> Table:
    grid = Table(box=None, padding=(0, 1), header_style="bold")
    for column in columns:
        grid.add_column(column, overflow="fold")
    return grid
