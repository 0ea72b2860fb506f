"""What lies in a folder: no links, which could lead elsewhere, and nothing of a computer's own."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.intake.bounds import CLASS, MAX_DEPTH, Refusal
from grader.intake.kinds import named_kind
from grader.intake.names import is_junk

_MAX_FILES = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or folder.

    Attributes:
        name: as it is there, its accents composed.
    """

    name: str
    path: Path
    is_folder: bool

    @property
    def suffix(self) -> str:
        """The ending of a file's name in small letters; empty for a folder's."""
        return "" if self.is_folder else Path(self.name).suffix.lower()

    @property
    def is_archive(self) -> bool:
        """Whether it is a file that its name calls an archive."""
        return not self.is_folder and named_kind(self.name) != ""

    @property
    def may_be_submission(self) -> bool:
        """Whether a submission could be in it."""
        return self.is_folder or self.is_archive or self.suffix in {".py", ".ipynb"}


def entries(folder: Path) -> list[Entry]:
    """Return what lies in `folder`, by name.

    Raises:
        Refusal: it cannot be read, or holds more than a class does.
    """
    found = []
    try:
        with os.scandir(folder) as scan:
            for item in scan:
                if is_junk(item.name) or item.is_symlink():
                    continue
                name = unicodedata.normalize("NFC", item.name)
                if item.is_dir(follow_symlinks=False) or item.is_file(follow_symlinks=False):
                    found.append(Entry(name, Path(item.path), item.is_dir(follow_symlinks=False)))
                if len(found) > CLASS.entries:
                    raise Refusal(f"the folder holds more than {CLASS.entries} files and folders")
    except OSError as error:
        raise Refusal(f"the folder cannot be read: {error.strerror}") from error
    return sorted(found, key=lambda entry: entry.name)


def walk(folder: Path, below: str = "", depth: int = 0) -> Iterator[tuple[str, Path]]:
    """Yield every file at or below `folder`: its path within it, folders separated by `/`, and where it is.

    Raises:
        Refusal: there are more than one student has.
    """
    count = 0
    for entry in entries(folder):
        found = walk(entry.path, f"{below}{entry.path.name}/", depth + 1) if entry.is_folder else None
        if found is not None and depth >= MAX_DEPTH:
            raise Refusal(f"there are more than {MAX_DEPTH} folders in folders")
        for item in found or [(below + entry.path.name, entry.path)]:
            count += 1
            if count > _MAX_FILES:
                raise Refusal(f"there are more than {_MAX_FILES} files in one submission")
            yield item
