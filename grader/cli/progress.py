"""How far a batch has come: a live bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from grader.batch import Progress
from grader.plainly import printable

if TYPE_CHECKING:
    from typing_extensions import Self

_LINE_SECONDS = 5.0
_NAMES = 3
_NARROWEST = 20


class Display:
    """Shows the progress on standard error, for as long as it is entered.

    Args:
        progress: what is shown.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._started = self._said = time.monotonic()
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[names]}", style="dim", markup=False),
        )
        # Refreshed from here alone: with a thread of its own, no lane could be forked safely.
        fits = console.is_terminal and console.width >= _NARROWEST
        self._bar = Bar(*columns, console=console, auto_refresh=False, disable=not fits)
        self._row = self._bar.add_task("Grading", total=progress.total, completed=progress.kept, rate="", names="")

    def __enter__(self) -> Self:
        """Begin."""
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last state standing."""
        self._bar.stop()

    def update(self) -> None:
        """Show what has happened, or that nothing has."""
        progress = self._progress
        now = time.monotonic()
        rate = progress.finished / max(now - self._started, 1e-3)
        if not self._bar.disable:
            names = ", ".join(map(printable, progress.running[:_NAMES]))
            self._bar.update(self._row, completed=progress.done, rate=f"{rate:.1f}/s", names=names)
            self._bar.refresh()
        elif now - self._said >= _LINE_SECONDS:
            self._said = now
            left = f", {(progress.total - progress.done) / rate:.0f} s left" if rate else ""
            line = f"{progress.done} of {progress.total} graded, {rate:.1f}/s{left}"
            print(f"grade: {line}", file=sys.stderr, flush=True)  # noqa: T201  (a command's voice)
