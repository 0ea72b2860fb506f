"""What kind of archive a file is, by its name and by its first bytes, which must agree."""

from __future__ import annotations

import os
import stat
import tarfile
from pathlib import Path
from typing import BinaryIO

from grader.intake.bounds import Refusal

_ENDINGS = {
    ".zip": "zip",
    ".tar": "tar",
    ".tar.gz": "gzip", ".tgz": "gzip",
    ".tar.bz2": "bzip2", ".tbz2": "bzip2", ".tbz": "bzip2",
    ".tar.xz": "xz", ".txz": "xz",
}  # fmt: skip
_UNREAD = (".rar", ".7z", ".gz", ".bz2", ".xz", ".zst", ".lzma", ".z", ".cab", ".arj", ".dmg", ".iso", ".jar")
_HEAD = 512
_MAGIC = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"PK\x07\x08": "part of a split zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"\x28\xb5\x2f\xfd": "Zstandard",
}
_OTHERS = {
    b"%PDF-": "a PDF",
    b"\x7fELF": "a program",
    b"MZ\x90\0": "a program",
    b"\x89PNG\r\n": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\xd0\xcf\x11\xe0": "an Office document",
    b"<!DOCTYPE": "a web page",
    b"<!doctype": "a web page",
    b"<html": "a web page",
}


def named_kind(name: str) -> str:
    """Return the kind of archive that a name tells; `unread` for one that is not opened, empty for none."""
    lower = name.lower()
    for ending in sorted(_ENDINGS, key=len, reverse=True):
        if lower.endswith(ending):
            return _ENDINGS[ending]
    return "unread" if lower.endswith(_UNREAD) else ""


def stem(name: str) -> str:
    """Return a name without its ending, `.tar.gz` being one."""
    for ending in sorted(_ENDINGS, key=len, reverse=True):
        if name.lower().endswith(ending):
            return name[: -len(ending)] or name
    return Path(name).stem


def checked_kind(path: Path, name: str) -> str:
    """Return the kind of the archive at `path` that came as `name`.

    Raises:
        Refusal: it is of a kind that is not opened, or not of the kind that its name tells.
    """
    told = named_kind(name)
    if told == "unread":
        raise Refusal("archives of this kind are not opened; unpack it, or pack it again as a zip")
    with open_regular(path) as stream:
        head = stream.read(_HEAD)
    if not head:
        raise Refusal("the file is empty; it was not handed in or not downloaded to its end")
    found = content_kind(head)
    if found == told:
        return told
    if found:
        raise Refusal(f"its name ends in {_ending(name)}, but it is {found}; rename it or pack it again")
    raise Refusal(f"its name ends in {_ending(name)}, but it is no such archive, or a broken one")


def check_text(path: Path, name: str) -> None:
    """Refuse a file that is to be run and that by its first bytes is an archive, a document or a program."""
    with open_regular(path) as stream:
        found = content_kind(stream.read(_HEAD))
    if found and found != "a web page":
        raise Refusal(f"its name ends in {_ending(name)}, but it is {found}; rename it or hand in the file itself")


def content_kind(head: bytes) -> str:
    """Return what the first bytes of a file tell: a kind of archive, something with an article, or nothing."""
    for magic, kind in (*_MAGIC.items(), *_OTHERS.items()):
        if head.startswith(magic):
            return kind if magic in _OTHERS or kind in _ENDINGS.values() else f"a {kind} archive"
    return "tar" if _is_tar(head) else ""


def _is_tar(head: bytes) -> bool:
    if len(head) < _HEAD:
        return False
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError):
        return False
    return True


def _ending(name: str) -> str:
    lower = name.lower()
    for ending in sorted(_ENDINGS, key=len, reverse=True):
        if lower.endswith(ending):
            return ending
    return Path(name).suffix or "nothing"


def open_regular(path: Path) -> BinaryIO:
    """Open a file that is one: no link, which could lead elsewhere, and no pipe, which would block.

    Raises:
        Refusal: it is something else, or cannot be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        why = "it is a symbolic link" if path.is_symlink() else error.strerror
        raise Refusal(f"the file cannot be read: {why}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Refusal("this is not a regular file")
    return os.fdopen(descriptor, "rb")
