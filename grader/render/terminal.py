"""A report as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.report import CaseReport, PartReport, Report, plain

_BAR = 8
_MOST_NAMES = 4
_COLOURS = {"right": "green", "partial": "yellow", "wrong": "red", "no_answer": "red", "needs_review": "cyan"}


def table(report: Report, *, student: bool, width: int, at_home: bool = False) -> RenderableType:
    """Return the report as a table: part, title, score, what went wrong; then the totals.

    Args:
        report: what to show.
        student: leave out what only staff may see.
        width: columns of the terminal.
        at_home: it is the student's own, of a self-check kit.
    """
    heading = Text.assemble((report.title, "bold"), f" · {whose(report)}")
    messages = [Text(message, style="yellow") for message in report.messages]
    if not student:
        messages += [Text(message, style="dim") for message in report.staff_messages]
    # Of what could not be read or asked, every part would say the same, and push the reason off the screen.
    parts = [_parts(report, student=student, width=width)] if report.status == "graded" else []
    return Group(heading, *messages, *parts, total(report, at_home=at_home), *_late(report))


def _parts(report: Report, *, student: bool, width: int) -> Table:
    narrow = width < 90
    grid = Table(box=None, padding=(0, 1), expand=False, header_style="bold")
    grid.add_column("Part", no_wrap=True)
    if not narrow:
        grid.add_column("Title", max_width=38)
    grid.add_column("Score", no_wrap=True)
    grid.add_column("What went wrong", overflow="fold", ratio=1)
    for part in report.parts:
        notes = Text("\n".join(_notes(part, student=student)))
        cells = [Text(part.id, style="bold"), *([] if narrow else [Text(part.title)]), _score(part), notes]
        grid.add_row(*cells)
    return grid


def whose(report: Report) -> str:
    """Return who handed it in, where that is known, and the submission's id."""
    names = [person.name or person.id or person.email for person in report.submission.people]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    known = ", ".join(names[:_MOST_NAMES]) + more
    submission_id = report.submission.id
    return f"{known} ({submission_id})" if known and known != submission_id else submission_id


def total(report: Report, *, at_home: bool = False) -> Text:
    """Return the line with the sum: what is earned, of how much, and what is marked later.

    Elsewhere that is a person's work. At home it is also that of functions without a visible case.
    """
    if report.score is None:
        return Text("Not graded: the machine was at fault, not the submission.", style="bold red")
    automatic = report.max_score - report.pending_points
    text = Text.assemble(
        "Total ",
        (f"{plain(report.score)} / {plain(automatic)}", f"bold {_colour(report.score, automatic)}"),
    )
    if report.pending_points:
        later = "are marked after you hand in" if at_home else "await a person"
        text.append(f", and {plain(report.pending_points)} more {later} (of {plain(report.max_score)} in all)")
    if report.status == "unreadable":
        text.append("; the file is not readable as Python")
    return text


def _late(report: Report) -> Iterator[Text]:
    """Yield what lateness costs, and what is left."""
    if report.late is None:
        return
    yield Text.assemble((f"Late -{plain(report.late.deducted)}", "bold yellow"), f" {report.late.message}")
    if report.final_score is not None:
        automatic = report.max_score - report.pending_points
        score = f"{plain(report.final_score)} / {plain(automatic)}"
        yield Text.assemble("Final ", (score, f"bold {_colour(report.final_score, automatic)}"))


def _score(part: PartReport) -> Text:
    automatic = part.max_score - part.pending_points
    filled = int(_BAR * part.score / part.max_score) if part.max_score else _BAR
    waiting = int(_BAR * part.pending_points / part.max_score) if part.max_score else 0
    bar = Text("█" * filled, style=_colour(part.score, automatic))
    bar.append("▒" * waiting, style="cyan")
    bar.append("░" * (_BAR - filled - waiting), style="dim")
    bar.append(f" {plain(part.score)}/{plain(part.max_score)}", style=_COLOURS[part.status])
    return bar


def _colour(score: Decimal, most: Decimal) -> str:
    return "green" if score == most else "yellow" if score else "red"


def _notes(part: PartReport, *, student: bool) -> list[str]:
    """Return, for each answer that is not right, how many of its cases are not, and what one of them says."""
    answers: dict[str, list[CaseReport]] = {}
    for case in part.cases:
        answers.setdefault(case.answer, []).append(case)
    notes = []
    for answer, cases in answers.items():
        failing = [case for case in cases if case.status != "right"]
        if failing:
            # A student can act on a visible case; a hidden one says less.
            first = min(failing, key=lambda case: case.visibility != "visible")
            note = _note(first, student=student)
            # What is said of the function itself is true of every case.
            whole = len(failing) == len(cases) and note.startswith(f"`{answer}` ")
            count = "" if len(cases) == 1 or whole else f"{answer}, {len(failing)} of {len(cases)} cases: "
            notes.append(count + note)
            notes += [f"→ {item.message}" for item in part.findings if item.answer == answer]
    return notes + [f"→ {item.message}" for item in part.findings if not item.answer]


def _note(case: CaseReport, *, student: bool) -> str:
    if case.visibility == "visible":
        return case.message
    if student:
        return f"({case.visibility.replace('_', ' ')}) {case.message}"
    return f"({case.visibility.replace('_', ' ')}) {case.staff_message.partition(chr(10))[0]}"
