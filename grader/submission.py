"""A submission: bytes read once, from regular files and within bounds, under an id."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UserError
from grader.notebook import FILE, MissingLibraryError, Notebook, NotebookError, Places, read_notebook
from grader.notebook.content import MAX_BYTES as MAX_NOTEBOOK
from grader.notebook.content import begins_as_notebook
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
        source: its content, for a Python file; the code of its cells, for the notebook that is run; None when that
            is longer than `MAX_BYTES`, or there is none.
        sha256: of the content.
        size: its length in bytes.
        notebook: what else a notebook holds.
        problem: why a notebook cannot be read.
    """

    name: str
    source: bytes | None
    sha256: str
    size: int
    notebook: Notebook | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who handed in, as the platform knows them; each field is a stranger's word and may be empty.

    Attributes:
        id: as the platform or the course has it, which no file's name need be.
        name: as it was written.
        email: the same.
    """

    id: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a submission comes from.

    Attributes:
        platform: `gradescope`, `canvas`, `moodle`, or `plain` for files as they are.
        people: the student, or the members of the group.
        submitted_at: ISO 8601; empty when unknown.
        late: whether it came after the due date; None when nobody says.
        late_seconds: by how much; None when unknown.
        notes: for staff: which file was taken, and why.
    """

    platform: str = "plain"
    people: tuple[Person, ...] = ()
    submitted_at: str = ""
    late: bool | None = None
    late_seconds: float | None = None
    notes: tuple[str, ...] = ()


NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Submission:
    """What a student handed in.

    Attributes:
        id: names the report's file; safe in any file name.
        entry: the name of the file that is run.
        files: all files, by name.
        folder: where they are, when a folder was handed in; its files can be read by the submission's code.
        origin: who handed it in, and when.
        refusal: why nothing of it can be run, where that is known before it is read.
        fault: what this machine lacks to read it; no fault of the submission's.
    """

    id: str
    entry: str
    files: tuple[File, ...]
    folder: Path | None = None
    origin: Origin = NOWHERE
    refusal: str = ""
    fault: str = ""

    @property
    def notebook(self) -> Notebook | None:
        """The notebook that is run; None when it is a Python file."""
        return next((file.notebook for file in self.files if file.name == self.entry), None)

    @property
    def cells(self) -> tuple[int, ...]:
        """The line of the notebook's source with which each of its cells begins; nothing for a Python file."""
        return self.notebook.cells if self.notebook else ()

    @property
    def places(self) -> Places:
        """Says of a line of the file that is run where it stands in what was handed in."""
        return Places(self.entry, self.cells) if self.cells else FILE

    @property
    def sources(self) -> dict[str, bytes]:
        """The content of each Python file that is not too long."""
        return {file.name: file.source for file in self.files if file.source is not None}

    @property
    def problem(self) -> str:
        """Why there is nothing to run; empty when there is."""
        if self.refusal:
            return self.refusal
        together = sum(map(len, self.sources.values()))
        if together > MAX_SOURCES:
            return f"its Python files have {together} bytes together; at most {MAX_SOURCES} are read"
        if self.entry in self.sources:
            return ""
        for file in self.files:
            if file.name == self.entry:
                return file.problem or f"it has {file.size} bytes; at most {MAX_BYTES} are read"
        found = ", ".join(file.name for file in self.files[:10]) or "nothing"
        return f"there is no {self.entry} in it, but {found}; put your answers into {self.entry}"


def read_submission(path: Path, submission_id: str, *, entry: str = "", origin: Origin = NOWHERE) -> Submission:
    """Read the file or the folder of one student's.

    Args:
        path: the file or folder.
        submission_id: its id.
        entry: the file of a folder that is run; by default its only Python file, its only notebook where there is
            no Python file, or `main.py`.
        origin: who handed it in, and when.

    Raises:
        UserError: it cannot be read, is a link or a device, or is too large a folder.
    """
    if _is_folder(path) and not path.is_symlink():
        files = tuple(sorted(_bounded(path), key=lambda file: file.name))
        entry = entry or _usual_entry([file.name for file in files])
        read = Submission(submission_id, _as_text(entry), files, path.resolve(), origin)
        return _with_notebook(read, path / entry) if is_notebook(entry) else read
    file = _read_file(path, path.name, most=0 if is_notebook(path.name) else MAX_BYTES)
    read = Submission(submission_id, file.name, (file,), origin=origin)
    return _with_notebook(read, path) if is_notebook(path.name) else read


def is_notebook(name: str) -> bool:
    """Return whether a file is a notebook, by its name."""
    return name.lower().endswith(".ipynb")


def _usual_entry(names: Sequence[str]) -> str:
    """Return which file of a folder is run when nobody says."""
    python = [name for name in names if name.lower().endswith(".py")]
    notebooks = [name for name in names if is_notebook(name)]
    candidates = python or notebooks
    return candidates[0] if len(candidates) == 1 else ENTRY


def _with_notebook(read: Submission, path: Path) -> Submission:
    """Return a submission with its notebook, which lies at `path`, read."""
    if read.entry not in {file.name for file in read.files}:
        return read
    file = _read_file(path, read.entry, most=MAX_NOTEBOOK)
    fault = ""
    try:
        notebook = _notebook(file)
        file = dataclasses.replace(file, source=notebook.source, notebook=notebook)
    except NotebookError as error:
        file = dataclasses.replace(file, source=None, problem=f"this notebook cannot be used: {error}")
    except MissingLibraryError as error:
        file, fault = dataclasses.replace(file, source=None), str(error)
    files = tuple(file if other.name == read.entry else other for other in read.files)
    return dataclasses.replace(read, files=files, fault=fault)


def _notebook(file: File) -> Notebook:
    """Return what a notebook's file holds.

    Raises:
        NotebookError: that is too much, or it is no notebook.
        MissingLibraryError: it cannot be read here.
    """
    if file.source is None:
        raise NotebookError(f"it has {file.size} bytes, and at most {MAX_NOTEBOOK} are read; clear its outputs")
    notebook = read_notebook(file.source)
    if len(notebook.source) > MAX_BYTES:
        raise NotebookError(f"its code has {len(notebook.source)} bytes; at most {MAX_BYTES} are read")
    return notebook


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
            most = MAX_BYTES if entry.suffix.lower() == ".py" else 0
            yield _read_file(entry, entry.relative_to(top).as_posix(), most=most)


def _read_file(path: Path, name: str, *, most: int) -> File:
    """Read a file; its content is kept when it has at most `most` bytes, none at all for 0."""
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
            if most and len(kept) <= most:
                kept += chunk
    if not is_notebook(name) and begins_as_notebook(kept):
        problem = "this is a notebook's content, and no Python: hand it in under a name that ends in .ipynb"
        return File(_as_text(name), None, digest.hexdigest(), size, problem=problem)
    source = kept if most and size <= most else None
    return File(_as_text(name), source, digest.hexdigest(), size)


def _as_text(name: str) -> str:
    """Return a file's name as it goes through the door: Linux allows such as are no text."""
    return name.encode(errors="replace").decode()
