"""A submission: bytes read once from a regular file, under an id."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UserError
from grader.plainly import printable

MAX_BYTES = 256 * 1024
"""Longer sources are refused unread: the parser alone could take gigabytes for them."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What a student handed in.

    Attributes:
        id: names the report's file; safe in any file name.
        name: the file's own name, as given.
        source: its content; None when it is longer than `MAX_BYTES`.
        sha256: of the content.
        size: its length in bytes.
    """

    id: str
    name: str
    source: bytes | None
    sha256: str
    size: int


def read_submission(file: Path, submission_id: str) -> Submission:
    """Read the file of one student's.

    Raises:
        UserError: it is not a regular file, or cannot be read.
    """
    shown = printable(str(file))
    try:
        # A FIFO must not block the open, a link must not lead elsewhere.
        flags = (
            os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        )
        descriptor = os.open(file, flags)
    except OSError as error:
        why = "it is a symbolic link; give the file itself" if file.is_symlink() else error.strerror
        raise UserError(f"{shown}: the submission cannot be read: {why}") from error
    except ValueError as error:
        raise UserError(f"{shown}: this is no file name: {error}") from error
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        kind = "a folder; give the Python file in it" if stat.S_ISDIR(mode) else "not a regular file"
        raise UserError(f"{shown}: the submission is {kind}")
    with os.fdopen(descriptor, "rb") as stream:
        digest, size, kept = hashlib.sha256(), 0, b""
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
            if len(kept) <= MAX_BYTES:
                kept += chunk
    source = kept if size <= MAX_BYTES else None
    return Submission(submission_id, file.name, source, digest.hexdigest(), size)


def submission_ids(files: Sequence[Path]) -> list[str]:
    """Return an id for each file: its stem, with as much of its folder as tells it from the others.

    The same files give the same ids in any order of the others' contents; an id holds only letters, digits, dot,
    dash, underscore, and starts with a letter, digit or underscore.
    """
    stems = [_safe(file.stem) for file in files]
    ids = [
        stem if stems.count(stem) == 1 else _safe(f"{file.absolute().parent.name}-{file.stem}")
        for file, stem in zip(files, stems, strict=True)
    ]
    return [
        name if ids.count(name) == 1 else f"{name}-{hashlib.sha256(os.fsencode(file.absolute())).hexdigest()[:8]}"
        for file, name in zip(files, ids, strict=True)
    ]


def _safe(name: str) -> str:
    plain = re.sub(r"[^\w.-]", "_", name)[:80].lstrip(".-")
    # A file system counts bytes, at most 255 of them: room for a hash or two, and an ending.
    plain = plain.encode()[:200].decode(errors="ignore")
    if plain == name:
        return name
    return f"{plain or 'submission'}-{hashlib.sha256(os.fsencode(name)).hexdigest()[:8]}"
