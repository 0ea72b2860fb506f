"""`grader check`: prove a rubric before students meet it."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from grader.check import CheckResult, Subject, Terms, load_subject, prove
from grader.check import Progress as Told
from grader.errors import HostError, UserError
from grader.render.check import check_table
from grader.sandbox.parent import close_to_tracers

_LINES = 10
"""How often a log that is no terminal hears of the progress."""
_NARROWEST, _WIDTH = 60, 100


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for; no jobs means one for each processor."""

    rubric: Path
    as_json: bool
    out: Path | None
    min_score: float
    jobs: int | None


def check_rubric(request: Request) -> int:
    """Prove a rubric and return the exit status: 1 when something is wrong.

    Raises:
        GraderError: the rubric cannot be proved, or the machine is at fault.
    """
    close_to_tracers()
    subject = load_subject(request.rubric)
    terms = Terms(request.min_score, request.jobs or _processors(), _protected(subject), clock)
    with _progress() as told:
        result = prove(subject, terms, told)
    if request.out is not None:
        _write(request.out, result)
    if request.as_json:
        sys.stdout.write(result.to_json())
    else:
        _show(result)
    return int(not result.is_good)


def clock() -> tuple[float, str]:
    """Return seconds from some start, and the time of day."""
    return time.monotonic(), datetime.now(timezone.utc).isoformat(timespec="seconds")


def _processors() -> int:
    # Python's own answer counts processors that this process may not use, as in a container.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _protected(subject: Subject) -> tuple[Path, ...]:
    folders = (subject.file.parent, subject.reference.file.parent)
    return tuple({Path(os.path.normpath(folder.absolute())): None for folder in folders})


@contextlib.contextmanager
def _progress() -> Iterator[Told]:
    """Show on standard error how far it is: a bar on a terminal, now and then a line in a log."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Log()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Grading", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class _Log:
    """Says a line for every tenth of the whole."""

    def __init__(self) -> None:
        self._said = -1

    def __call__(self, done: int, total: int) -> None:
        tenth = _LINES * done // total if total else _LINES
        if tenth > self._said:
            self._said = tenth
            print(f"grader check: {done} of {total} steps done", file=sys.stderr)  # noqa: T201  (a command's voice)


def _show(result: CheckResult) -> None:
    console = Console(highlight=False)
    if console.width < _NARROWEST or not console.is_terminal:
        console.width = max(console.width, _WIDTH)
    console.print(check_table(result))


def _write(file: Path, result: CheckResult) -> None:
    """Write the result so that at any moment the file is whole: the old one or the new one."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # The folder goes with whatever is left in it.
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".check-") as folder:
            made = Path(folder) / file.name
            made.write_text(result.to_json(), encoding="utf-8")
            made.replace(file)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise UserError(f"{file}: the result cannot go there: {error.strerror}") from error
    except OSError as error:
        raise HostError(f"{file}: the result cannot be written: {error.strerror}") from error
