"""Scratch folders that the next run removes when their owner was killed.

Theory of operation: the owner of a folder holds a lock on it (`flock`, on the folder itself), which the kernel
gives up with the last process that shares it, however that ended. So a folder that can be locked is nobody's, and
neither a process's id that is in use again, nor a clock, nor another container with the same temporary folder
can deceive.

1. Only folders of this user's, under our names, not reached through a link, are looked at.
2. Whoever sweeps holds the lock while removing. A folder that is swept between its making and its locking is made
   anew by its owner.
3. Where there is no such lock (Windows, some network file systems), nothing is swept.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader.errors import HostError

_PREFIX = "grader-run-"
_ATTEMPTS = 10


@contextlib.contextmanager
def scratch_folder(purpose: str, mode: int = 0o700) -> Iterator[Path]:
    """Give a new folder under the temporary folder, and remove it at the end.

    Args:
        purpose: a word for its name.
        mode: who may enter it.

    Raises:
        HostError: it cannot be made.
    """
    try:
        folder, lock = _held(purpose)
    except OSError as error:
        raise HostError(f"{tempfile.gettempdir()}: no folder can be made there: {error.strerror}") from error
    try:
        folder.chmod(mode)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


@contextlib.contextmanager
def temporary_files(purpose: str, mode: int = 0o700) -> Iterator[None]:
    """Have this process, and those that it forks, make temporary files in a folder such as `scratch_folder` gives.

    Args:
        purpose: a word for its name.
        mode: who may enter it.

    Raises:
        HostError: it cannot be made.
    """
    before = tempfile.tempdir
    with scratch_folder(purpose, mode) as folder:
        tempfile.tempdir = str(folder)
        try:
            yield
        finally:
            tempfile.tempdir = before


def sweep() -> None:
    """Remove the scratch folders of this user's whose owners have ended without doing so."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                _remove_if_left(folder)


def _held(purpose: str) -> tuple[Path, int | None]:
    if sys.platform == "win32":
        return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{purpose}-")), None
    for _ in range(_ATTEMPTS):
        folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{purpose}-"))
        with contextlib.suppress(FileNotFoundError):
            lock = _opened(folder)
            try:
                _take(lock)
            except OSError:
                os.close(lock)
                return folder, None
            if _is_still(folder, lock):
                return folder, lock
            os.close(lock)
    raise FileNotFoundError(2, "each was removed at once")


def _remove_if_left(folder: Path) -> None:
    if sys.platform == "win32":
        return
    lock = _opened(folder)
    try:
        if os.fstat(lock).st_uid == os.geteuid():
            _take(lock, wait=False)
            if _is_still(folder, lock):
                shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def _opened(folder: Path) -> int:
    if sys.platform == "win32":
        raise OSError(0, "folders have no lock here")
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)


def _take(lock: int, *, wait: bool = True) -> None:
    if sys.platform != "win32":
        import fcntl  # noqa: PLC0415  (not there on Windows)

        fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_still(folder: Path, lock: int) -> bool:
    try:
        return os.path.samestat(os.fstat(lock), folder.lstat())
    except FileNotFoundError:
        return False
