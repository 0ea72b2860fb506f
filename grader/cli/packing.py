"""Zips that are handed out: one may replace an earlier one, and nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

from grader.batch import ResultsFolder
from grader.errors import UserError


def write_zip(out: Path, content: bytes) -> None:
    """Write a zip, whole or not at all.

    Raises:
        UserError: something else is in its place, such as the rubric whose name was given twice.
        HostError: it cannot be written.
    """
    place = out.absolute()
    if place.exists() and not (place.is_file() and zipfile.is_zipfile(place)):
        raise UserError(f"{out} is there already, and is no zip; give another name")
    ResultsFolder(place.parent).write_bytes(place.name, [content])
