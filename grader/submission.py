"""A submission: bytes read once, from regular files and within bounds, under an id."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UserError
from grader.plainly import printable

MAX_BYTES = 256 * 1024
"""Longer sources are refused unread: the parser alone could take gigabytes for them."""

ENTRY = "main.py"
"""The file of a folder that is run; it can import the others."""

MAX_SOURCES = 4 * 1024 * 1024
"""What a folder's Python files may have together: all of them travel in one letter."""

_MAX_FILES = 500
_MAX_FOLDER_BYTES = 64 * 1024 * 1024
_MAX_DEPTH = 8
_IGNORED = frozenset({"__pycache__", "__MACOSX", "node_modules"})


@dataclass(frozen=True, slots=True)
class File:
    """One file of a submission.

    Attributes:
        name: its path within the submission, folders separated by `/`.
        source: its content, for a Python file; None when it is longer than `MAX_BYTES`, or no Python file.
        sha256: of the content.
        size: its length in bytes.
    """

    name: str
    source: bytes | None
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Submission:
    """What a student handed in.

    Attributes:
        id: names the report's file; safe in any file name.
        entry: the name of the file that is run.
        files: all files, by name.
        folder: where they are, when a folder was handed in; its files can be read by the submission's code.
    """

    id: str
    entry: str
    files: tuple[File, ...]
    folder: Path | None = None

    @property
    def sources(self) -> dict[str, bytes]:
        """The content of each Python file that is not too long."""
        return {file.name: file.source for file in self.files if file.source is not None}

    @property
    def problem(self) -> str:
        """Why there is nothing to run; empty when there is."""
        together = sum(map(len, self.sources.values()))
        if together > MAX_SOURCES:
            return f"its Python files have {together} bytes together; at most {MAX_SOURCES} are read"
        if self.entry in self.sources:
            return ""
        for file in self.files:
            if file.name == self.entry:
                return f"it has {file.size} bytes; at most {MAX_BYTES} are read"
        found = ", ".join(file.name for file in self.files[:10]) or "nothing"
        return f"there is no {self.entry} in it, but {found}; put your answers into {self.entry}"


def read_submission(path: Path, submission_id: str) -> Submission:
    """Read the file or the folder of one student's.

    Raises:
        UserError: it cannot be read, is a link or a device, or is too large a folder.
    """
    if _is_folder(path) and not path.is_symlink():
        files = tuple(sorted(_bounded(path), key=lambda file: file.name))
        sources = [file.name for file in files if file.name.endswith(".py")]
        entry = sources[0] if len(sources) == 1 else ENTRY
        return Submission(submission_id, entry, files, path.resolve())
    if path.suffix == ".ipynb":
        raise UserError(f"{printable(str(path))}: this is a notebook; export it as a Python file (.py) first")
    file = _read_file(path, path.name, is_source=True)
    return Submission(submission_id, file.name, (file,))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        # Too long a name, for one: opening it will say so.
        return False


def _bounded(folder: Path) -> Iterator[File]:
    """Yield a folder's files, and stop as soon as they are too many or too large."""
    count = total = 0
    for file in _read_folder(folder, folder, 0):
        count, total = count + 1, total + file.size
        if count > _MAX_FILES:
            raise UserError(f"{printable(str(folder))}: the folder holds more than {_MAX_FILES} files")
        if total > _MAX_FOLDER_BYTES:
            raise UserError(f"{printable(str(folder))}: the folder holds more than {_MAX_FOLDER_BYTES} bytes")
        yield file


def _read_folder(top: Path, folder: Path, depth: int) -> Iterator[File]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise UserError(f"{printable(str(folder))}: the folder cannot be read: {error.strerror}") from error
    if len(entries) > _MAX_FILES or depth > _MAX_DEPTH:
        raise UserError(f"{printable(str(folder))}: the folder holds too many files, or folders in folders")
    for entry in entries:
        # A link could lead to another student's work; what is hidden belongs to editors and version control.
        if entry.name in _IGNORED or entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _read_folder(top, entry, depth + 1)
        elif entry.is_file():
            yield _read_file(entry, entry.relative_to(top).as_posix(), is_source=entry.suffix == ".py")


def _read_file(path: Path, name: str, *, is_source: bool) -> File:
    shown = printable(str(path))
    try:
        # A FIFO must not block the open, a link must not lead elsewhere.
        flags = (
            os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        )
        descriptor = os.open(path, flags)
    except OSError as error:
        why = "it is a symbolic link; give the file itself" if error.errno == errno.ELOOP else error.strerror
        raise UserError(f"{shown}: the submission cannot be read: {why}") from error
    except ValueError as error:
        raise UserError(f"{shown}: this is no file name: {error}") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_FOLDER_BYTES:
        os.close(descriptor)
        kind = (
            "not a regular file" if not stat.S_ISREG(status.st_mode) else f"larger than {_MAX_FOLDER_BYTES} bytes"
        )
        raise UserError(f"{shown}: the submission is {kind}")
    with os.fdopen(descriptor, "rb") as stream:
        digest, size, kept = hashlib.sha256(), 0, b""
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
            if is_source and len(kept) <= MAX_BYTES:
                kept += chunk
    source = kept if is_source and size <= MAX_BYTES else None
    # A name that is no text, which Linux allows, does not go through the door.
    return File(name.encode(errors="replace").decode(), source, digest.hexdigest(), size)


def submission_ids(paths: Sequence[Path]) -> list[str]:
    """Return an id for each path: its name, with as much of its folder as tells it from the others.

    An id holds only letters, digits, dot, dash and underscore, and starts with a letter, digit or underscore.
    """
    absolute = [path.absolute() for path in paths]
    names = [path.name if _is_folder(path) else path.stem for path in absolute]
    stems = [_safe(name) for name in names]
    ids = [
        stem if stems.count(stem) == 1 else _safe(f"{path.parent.name}-{name}")
        for path, name, stem in zip(absolute, names, stems, strict=True)
    ]
    return [
        name if ids.count(name) == 1 else f"{name}-{hashlib.sha256(os.fsencode(path)).hexdigest()[:8]}"
        for path, name in zip(absolute, ids, strict=True)
    ]


def _safe(name: str) -> str:
    plain = re.sub(r"[^\w.-]", "_", name)[:80].lstrip(".-")
    # A file system counts bytes, at most 255 of them: room for a hash or two, and an ending.
    plain = plain.encode()[:200].decode(errors="ignore")
    if plain == name:
        return name
    return f"{plain or 'submission'}-{hashlib.sha256(os.fsencode(name)).hexdigest()[:8]}"
