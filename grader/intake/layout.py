"""Whose layout a folder has.

1. Gradescope's, if it holds `submission_metadata.yml` and a folder that is called `submission_<id>`.
2. Moodle's or Canvas's, if more of it is called as theirs is than is not. What could be a submission counts:
   folders, Python files, notebooks, archives, but not `setup.py` and the like. Other files may lie beside (a
   worksheet, a list of marks).
3. What could be a submission and is not called so is a stray: nobody's, and refused in a line. A class may have a
   convention of its own that looks half like Canvas's: then a number stands for several things, or, where there
   are strays, for several students.
4. Nobody's otherwise. If several entries are called as a platform's are and others are not, that is said.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from grader.intake import canvas, gradescope, moodle, plain
from grader.intake.entry import listed
from grader.intake.folders import Entry
from grader.intake.kinds import stem
from grader.intake.model import Piece
from grader.intake.names import exact_id


class _Platform(NamedTuple):
    """A platform that is recognised by names alone.

    Attributes:
        consistent: whether it can have made all the names that fit.
        numbered: whether it has made them even where there are strays.
    """

    title: str
    fits: Callable[[Entry], bool]
    pieces: Callable[[Sequence[Entry]], list[Piece]]
    consistent: Callable[[Sequence[Entry]], bool]
    numbered: Callable[[Sequence[Entry]], bool]


_BY_NAME = (
    _Platform("Moodle", moodle.fits, moodle.pieces, bool, bool),
    _Platform("Canvas", canvas.fits, canvas.pieces, canvas.consistent, canvas.numbered),
)


def platform_pieces(folder: Path, found: Sequence[Entry]) -> list[Piece] | None:
    """Return the work in a platform's download; None if the folder is none."""
    metadata = gradescope.metadata_in(folder)
    if metadata is not None and any(map(gradescope.fits, found)):
        strays = _strays(gradescope.fits, found)
        return gradescope.pieces(found, metadata, whole=True) + [_refused("Gradescope", stray) for stray in strays]
    for platform in _BY_NAME:
        fitting, strays = list(filter(platform.fits, found)), _strays(platform.fits, found)
        sure = not strays or platform.numbered(fitting)
        if len(fitting) > len(strays) and sure and platform.consistent(fitting):
            return platform.pieces(fitting) + [_refused(platform.title, stray) for stray in strays]
    return None


def plain_pieces(folder: Path, found: Sequence[Entry], name: str) -> list[Piece]:
    """Return the work in a folder of no platform's that is called `name`."""
    made = plain.pieces(folder, found, name)
    note = doubt(found)
    return [dataclasses.replace(piece, notes=(*piece.notes, note)) for piece in made] if note else made


def doubt(found: Sequence[Entry]) -> str:
    """Return what in a folder of no platform's looks like a platform's, and what does not; else nothing."""
    for platform in _BY_NAME:
        fitting, strays = list(filter(platform.fits, found)), _strays(platform.fits, found)
        if len(fitting) > 1 and strays and platform.consistent(fitting):
            reason = listed([stray.name for stray in strays])
            looks = f"the folder looks like a download of {platform.title}'s, but for {reason}"
            return f"{looks}; names and lateness are lost"
    return ""


def _strays(fits: Callable[[Entry], bool], found: Sequence[Entry]) -> list[Entry]:
    return [
        entry for entry in found if entry.may_be_submission and not plain.is_nobodys(entry) and not fits(entry)
    ]


def _refused(title: str, stray: Entry) -> Piece:
    called = f"the other files came from {title}, and this is not called as one from there, so it is nobody's"
    reason = f"{called}; take it away, or grade it by itself"
    return Piece(exact_id(stem(stray.name)), (), source=stray.name, refusal=reason)


def platform_of(entry: Entry) -> str:
    """Return whose convention the name of a single entry follows; empty for nobody's."""
    if gradescope.fits(entry) and gradescope.metadata_in(entry.path.parent) is not None:
        return "gradescope"
    return next((platform.title.lower() for platform in _BY_NAME if platform.fits(entry)), "")


def can_be_from(platform: str, found: Sequence[Entry]) -> bool:
    """Return whether a platform made the names of entries that follow its convention; nobody's did not."""
    consistent = {known.title.lower(): known.consistent for known in _BY_NAME}
    return platform != "" and consistent.get(platform, bool)(found)


def pieces_of(platform: str, found: Sequence[Entry]) -> list[Piece]:
    """Return the work in entries of one folder, all of which follow the convention of `platform`."""
    if platform == "gradescope":
        metadata = gradescope.metadata_in(found[0].path.parent)
        return gradescope.pieces(found, metadata, whole=False) if metadata else []
    return (moodle.pieces if platform == "moodle" else canvas.pieces)(found)
