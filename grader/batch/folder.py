"""The results folder: a report for each submission, whole at any moment."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from grader.errors import HostError, UserError
from grader.report import Report

_TEMPORARY = ".writing-"
# Another run may be writing into the same folder now; a report is written in milliseconds.
_ABANDONED_SECONDS = 3600.0


class ResultsFolder:
    """Where the reports go.

    Args:
        path: the folder; made when it is not there.

    Raises:
        UserError: there is something else in its place.
        HostError: it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            for file in path.glob(f"{_TEMPORARY}*"):
                if _is_left_over(file):
                    file.unlink(missing_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise UserError(f"{path}: the reports cannot go there, it is not a folder") from error
        except OSError as error:
            raise HostError(f"{path}: the reports cannot go there: {error.strerror}") from error

    def file(self, submission_id: str) -> Path:
        """Return where the report of a submission is, or will be."""
        return self.path / f"{submission_id}.json"

    def write(self, name: str, text: Iterable[str]) -> Path:
        """Write a file so that at any moment it is whole: the old one or the new one.

        Raises:
            UserError: a folder is in its place.
            HostError: it cannot be written.
        """
        return self.write_bytes(name, (piece.encode() for piece in text))

    def write_bytes(self, name: str, content: Iterable[bytes]) -> Path:
        """Write a file so that at any moment it is whole: the old one or the new one.

        Raises:
            UserError: a folder is in its place.
            HostError: it cannot be written.
        """
        target = self.path / name
        try:
            with _replacing(target) as temporary, temporary.open("wb") as stream:
                stream.writelines(content)
        except IsADirectoryError as error:
            raise UserError(f"{target}: the report cannot go there, it is a folder") from error
        except OSError as error:
            raise HostError(f"{target}: the report cannot be written: {error.strerror}") from error
        return target

    def read(self, submission_id: str) -> Report | None:
        """Return the report of a submission; None when there is none that can be read."""
        try:
            return Report.model_validate_json(self.file(submission_id).read_bytes())
        except (OSError, ValidationError):
            return None


def _mark() -> str:
    """Return how the names of this machine's temporary files begin; their writer's process id follows."""
    machine = re.sub(r"[^A-Za-z0-9]", "", platform.node())[:40]
    return f"{_TEMPORARY}{machine}-"


def _is_left_over(file: Path) -> bool:
    """Whether a temporary file's writer has ended without replacing or removing it."""
    mark = _mark()
    writer = file.name.removeprefix(mark).partition("-")[0] if file.name.startswith(mark) else ""
    # On Windows, this kill would kill.
    if sys.platform != "win32" and writer.isdecimal():
        try:
            os.kill(int(writer), 0)
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):
            pass  # it is another user's, or no writer of ours has made that name
    with contextlib.suppress(OSError):
        return time.time() - file.stat().st_mtime > _ABANDONED_SECONDS
    return False


@contextlib.contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f"{_mark()}{os.getpid()}-")
    temporary = Path(name)
    os.close(descriptor)
    try:
        yield temporary
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
