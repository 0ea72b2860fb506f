"""`grade --watch`: grade again whenever a submission is saved."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from grader.errors import GraderError, HostError, UserError

_MILLISECONDS = 1000
"""How long a save may go unnoticed on a file system that tells nobody, as a network's."""

Snapshot: TypeAlias = dict[Path, tuple[int, int]]


def grade_at_each_save(submissions: Sequence[Path], out: Path, grade: Callable[[], int]) -> int:
    """Grade, and again at each save, until Ctrl-C; return the last exit status.

    Standard output has what `grade` prints and nothing else.

    Args:
        submissions: files and folders.
        out: where the reports go, which may be in one of these folders; to write one is no save.
        grade: grades them once and returns the exit status.

    Raises:
        UserError: the library is missing, or there is nothing to watch.
        GraderError: what is there cannot be graded, from the start: no save of it is at fault.
        HostError: the machine is at fault.
        KeyboardInterrupt: Ctrl-C came before anything was graded.
    """
    try:
        from watchfiles import watch  # noqa: PLC0415  (an optional extra)
    except ImportError as error:
        text = "--watch needs the library watchfiles: `python -m pip install watchfiles`, or leave --watch away"
        raise UserError(text) from error
    places = {path if path.is_dir() else path.absolute().parent for path in submissions}
    missing = [path for path in places if not path.is_dir()]
    if missing:
        raise UserError(f"{missing[0]}: there is no such folder to watch")
    statuses: list[int] = []
    try:
        # Taken before it is graded: what is saved meanwhile differs from it.
        seen = snapshot(submissions, out)
        _grade(submissions, grade, statuses, mendable=not seen)
        changes = watch(
            *places,
            watch_filter=None,
            recursive=any(path.is_dir() for path in submissions),
            debounce=200,
            rust_timeout=_MILLISECONDS,
            yield_on_timeout=True,
            raise_interrupt=True,
        )
        for _ in changes:
            # Editors write other files too, and some write a file twice: what counts is what is there now.
            now = snapshot(submissions, out)
            if now != seen:
                seen = now
                _grade(submissions, grade, statuses, mendable=True)
    except KeyboardInterrupt:
        if not statuses:
            raise
        print(file=sys.stderr)  # noqa: T201  (after the terminal's ^C)
    return statuses[-1]


def _grade(submissions: Sequence[Path], grade: Callable[[], int], statuses: list[int], *, mendable: bool) -> None:
    """Grade once and add the status, before anything is said: Ctrl-C may come as soon as it is."""
    try:
        statuses.append(grade())
    except HostError:
        raise
    except GraderError as error:
        if not mendable:
            raise
        statuses.append(error.exit_status)
        print(f"grade: {error}", file=sys.stderr)  # noqa: T201  (a command's voice)
    names = ", ".join(path.name or str(path) for path in submissions)
    sys.stdout.flush()
    print(f"Waiting for {names} to be saved; Ctrl-C ends.", file=sys.stderr, flush=True)  # noqa: T201  (as above)


def snapshot(submissions: Sequence[Path], out: Path) -> Snapshot:
    """Return time and size of every file of the submissions, but for those under `out`."""
    found: Snapshot = {}
    for path in submissions:
        for file in _files(path, out.resolve()) if path.is_dir() else (path,):
            try:
                state = file.stat()
            except OSError:
                # An editor that replaces a file removes it first.
                continue
            found[file] = (state.st_mtime_ns, state.st_size)
    return found


def _files(folder: Path, out: Path) -> Iterator[Path]:
    for name, folders, files in os.walk(folder):
        place = Path(name)
        # Not even looked into: an environment beside the homework has thousands of files.
        folders[:] = [item for item in folders if not _is_ignored(item) and (place / item).resolve() != out]
        yield from (place / item for item in files if not _is_ignored(item))


def _is_ignored(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__"
