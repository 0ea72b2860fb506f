"""One report for whoever sits at the terminal: written, then shown as a table."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from grader.batch import ResultsFolder
from grader.errors import GraderError
from grader.plainly import printable
from grader.render.terminal import table
from grader.report import Report, for_student

_NARROWEST, _WIDTH = 28, 80


def deliver(report: Report, out: Path, *, student: bool, at_home: bool) -> None:
    """Write a report and show it; shown it is also where it cannot be written.

    Args:
        report: what to deliver.
        out: the results folder.
        student: show no more than a student may see.
        at_home: the student is the one who looks.

    Raises:
        GraderError: it cannot be written.
    """
    shown = for_student(report) if student else report
    try:
        folder = ResultsFolder(out)
        written = folder.write(folder.file(report.submission.id).name, [report.to_json()])
    except GraderError:
        _show(shown, None, student=student, at_home=at_home)
        raise
    _show(shown, written, student=student, at_home=at_home)


class _Output(Console):
    def on_broken_pipe(self) -> None:
        """Let `finish` see it: rich would exit with 1, which here means too few points."""
        raise BrokenPipeError


def _show(report: Report, written: Path | None, *, student: bool, at_home: bool) -> None:
    console = _Output(highlight=False, soft_wrap=False)
    if console.width < _NARROWEST:
        # What went wrong would have no room; the terminal breaks the lines, and COLUMNS=0 is not meant.
        console.width = _WIDTH
    console.print(table(report, student=student, width=console.width, at_home=at_home))
    if written is not None:
        console.print(f"Report: {printable(str(written))}", style="dim", soft_wrap=True, markup=False)
