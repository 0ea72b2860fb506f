"""Whose layout a folder has.

1. Gradescope's, if it holds `submission_metadata.yml` and a folder that is called `submission_<id>`.
2. Moodle's or Canvas's, if something in it is called as theirs is, and so is all that could be a submission:
   folders, Python files, notebooks, archives. Other files may lie beside (a worksheet, a list of marks).
3. Nobody's otherwise. If several entries are called as a platform's are and others are not, that is said.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from grader.intake import canvas, gradescope, moodle, plain
from grader.intake.entry import listed
from grader.intake.folders import Entry
from grader.intake.model import Piece


class _Platform(NamedTuple):
    """A platform that is recognised by names alone."""

    title: str
    fits: Callable[[Entry], bool]
    pieces: Callable[[Sequence[Entry]], list[Piece]]


_BY_NAME = (_Platform("Moodle", moodle.fits, moodle.pieces), _Platform("Canvas", canvas.fits, canvas.pieces))


def platform_pieces(folder: Path, found: Sequence[Entry]) -> list[Piece] | None:
    """Return the work in a platform's download; None if the folder is none."""
    metadata = gradescope.metadata_in(folder)
    if metadata is not None and any(map(gradescope.fits, found)):
        return gradescope.pieces(found, metadata, whole=True)
    for platform in _BY_NAME:
        if any(map(platform.fits, found)) and all(
            platform.fits(entry) for entry in found if entry.may_be_submission
        ):
            return platform.pieces(found)
    return None


def plain_pieces(folder: Path, found: Sequence[Entry], name: str) -> list[Piece]:
    """Return the work in a folder of no platform's that is called `name`."""
    made = plain.pieces(folder, found, name)
    for platform in _BY_NAME:
        strays = [entry.name for entry in found if entry.may_be_submission and not platform.fits(entry)]
        if sum(map(platform.fits, found)) > 1:
            looks = f"the folder looks like a download of {platform.title}'s, but for {listed(strays)}"
            note = f"{looks}; names and lateness are lost"
            return [dataclasses.replace(piece, notes=(*piece.notes, note)) for piece in made]
    return made


def platform_of(entry: Entry) -> str:
    """Return whose convention the name of a single entry follows; empty for nobody's."""
    if gradescope.fits(entry) and gradescope.metadata_in(entry.path.parent) is not None:
        return "gradescope"
    return next((platform.title.lower() for platform in _BY_NAME if platform.fits(entry)), "")


def pieces_of(platform: str, found: Sequence[Entry]) -> list[Piece]:
    """Return the work in entries of one folder, all of which follow the convention of `platform`."""
    if platform == "gradescope":
        metadata = gradescope.metadata_in(found[0].path.parent)
        return gradescope.pieces(found, metadata, whole=False) if metadata else []
    return (moodle.pieces if platform == "moodle" else canvas.pieces)(found)
