"""A bounded folder that one worker may write to, where the rubric asks for one."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

_BLOCK = 4096


class Scratch:
    """A temporary folder with a size.

    Each file is bounded by the worker's own limit; the sum of all of them is looked at after every call.

    Args:
        size: bytes that all its files together may have; the smallest of them, or a folder, counts as a block.
        uid: the user that will write to it; None for this process's own.
    """

    def __init__(self, size: int, uid: int | None) -> None:
        self._size = size
        self._folder = tempfile.TemporaryDirectory(prefix="grader-scratch-", ignore_cleanup_errors=True)
        self.name = self._folder.name
        if uid is not None and sys.platform != "win32":
            # The group's and not the owner's: where the worker cannot become that user, it is still this one.
            os.chown(self.name, -1, uid)
            Path(self.name).chmod(0o770)

    def is_too_full(self) -> bool:
        """Whether its files have more bytes than it may hold, or lie too deep to be looked at."""
        left = self._size
        try:
            for status in _inside(self.name):
                left -= max(status.st_size, getattr(status, "st_blocks", 0) * 512, _BLOCK)
                if left < 0:
                    return True
        except OSError:
            return True
        return False

    def remove(self) -> None:
        """Take it away with all that is in it."""
        with contextlib.suppress(OSError):
            _flatten(self.name)
        self._folder.cleanup()


def _inside(top: str) -> Iterator[os.stat_result]:
    """Yield what is known about each file and folder. No recursion: a student decides about the depth."""
    waiting = [top]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                with contextlib.suppress(FileNotFoundError):
                    yield entry.stat(follow_symlinks=False)


def _flatten(top: str) -> None:
    """Bring all folders to the top: deleting is recursive, and a path has a longest length."""
    waiting = [top]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            folders = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        for folder in map(Path, folders):
            folder.chmod(0o700)
            nested = folder.parent != Path(top)
            waiting.append(str(folder.rename(f"{top}/{secrets.token_hex(16)}") if nested else folder))
