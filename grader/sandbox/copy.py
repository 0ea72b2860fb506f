"""A copy of a submission's folder: a worker that becomes another user could often not read the original."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path


class FolderCopy:
    """A temporary folder with the files of a submission.

    Args:
        folder: where they are.
        files: their paths within it; what has gone is left out.
        uid: the user that will read them, and nobody else.
    """

    def __init__(self, folder: Path, files: Iterable[str], uid: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="grader-folder-", ignore_cleanup_errors=True)
        self.name = self._folder.name
        top = Path(self.name)
        for name in files:
            if (folder / name).is_file():
                (top / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name, top / name, follow_symlinks=False)
        for path in top.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        # The group's and not the owner's: where the worker cannot become that user, it is still this one.
        if sys.platform != "win32":
            os.chown(top, -1, uid)
        top.chmod(0o750)

    def remove(self) -> None:
        """Take it away."""
        self._folder.cleanup()
