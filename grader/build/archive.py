"""Zip archives that are the same bytes whenever and wherever they are made of the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

_MIDNIGHT = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can tell."""
_UNIX = 3
_REGULAR = 0o100000


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive.

    Attributes:
        name: its path, folders separated by `/`.
        content: what it holds.
        mode: its permissions.
    """

    name: str
    content: bytes
    mode: int = 0o644


def zip_of(members: Iterable[Member]) -> bytes:
    """Return the archive of `members`, by name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for member in sorted(members, key=lambda item: item.name):
            info = zipfile.ZipInfo(member.name, _MIDNIGHT)
            info.create_system = _UNIX
            info.external_attr = (_REGULAR | member.mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, member.content)
    return made.getvalue()
