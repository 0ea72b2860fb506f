"""The marks in reports on disk, one report at a time, and which reports belong together.

Only what marks are made of is read: cases and their messages are most of a report, and an older version of the
grader may have written them otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from grader.errors import UserError
from grader.plainly import printable
from grader.report import Points

_OF_THE_RUN = "run"
"""The name of a file beside the reports that is about all of them, unless a submission is called so."""


class DamagedError(Exception):
    """A file is no report; the message is one line."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class FileMark(_Model):
    """A file that was handed in."""

    name: str
    sha256: str


class PersonMark(_Model):
    """Who handed in."""

    id: str
    name: str


class SubmissionMark(_Model):
    """What was handed in, by whom and how late."""

    id: str
    files: tuple[FileMark, ...]
    people: tuple[PersonMark, ...] = ()
    late_seconds: float | None = None


class PartMark(_Model):
    """What a part earned."""

    id: str
    score: Points
    max_score: Points
    pending_points: Points


class LateMark(_Model):
    """What lateness costs."""

    deducted: Points


class Marks(_Model):
    """A report without its words."""

    schema_version: Literal[1]
    status: str
    submission: SubmissionMark
    score: Points | None
    max_score: Points
    pending_points: Points
    late: LateMark | None = None
    final_score: Points | None = None
    parts: tuple[PartMark, ...]
    provenance: dict[str, str]

    @property
    def final(self) -> Points | None:
        """What counts: the score less what lateness costs."""
        return self.score if self.final_score is None else self.final_score

    @property
    def who(self) -> str:
        """The names of those who handed in; empty when nobody knows them."""
        return printable(", ".join(person.name or person.id for person in self.submission.people))


@dataclass(frozen=True, slots=True)
class Pair:
    """The two reports on a submission; None where there is none."""

    id: str
    old: Path | None
    new: Path | None


def pairs(old: Path, new: Path) -> Iterator[Pair]:
    """Yield what belongs together in two results folders, by the reports' names; or the two reports given.

    Raises:
        UserError: there are neither two folders with reports nor two files.
    """
    if old.is_file() and new.is_file():
        yield Pair(printable(new.stem), old, new)
        return
    old_names, new_names = _names(old), _names(new)
    for name in sorted(old_names | new_names):
        file = f"{name}.json"
        yield Pair(
            printable(name), old / file if name in old_names else None, new / file if name in new_names else None
        )


def read_marks(file: Path) -> Marks:
    """Return the marks in a report.

    Raises:
        DamagedError: it cannot be read, or is no report.
    """
    shown = printable(str(file))
    try:
        return Marks.model_validate_json(file.read_bytes())
    except OSError as error:
        raise DamagedError(f"{shown}: the report cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        said = printable(f"{where}: {first['msg']}" if where else first["msg"])
        raise DamagedError(f"{shown}: this is no report, or a damaged one: {said}") from error


def _names(folder: Path) -> set[str]:
    shown = printable(str(folder))
    try:
        # What starts with a dot is not finished.
        names = {file.stem for file in folder.glob("*.json") if not file.name.startswith(".") and file.is_file()}
        folder.stat()
    except OSError as error:
        raise UserError(f"{shown}: the reports cannot be read: {error.strerror}") from error
    if folder.is_file():
        raise UserError(f"{shown} is a file and the other is none: give two results folders, or two reports")
    if _OF_THE_RUN in names and not _is_about_a_submission(folder / f"{_OF_THE_RUN}.json"):
        names.remove(_OF_THE_RUN)
    if not names:
        raise UserError(f"{shown}: there are no reports in this folder")
    return names


def _is_about_a_submission(file: Path) -> bool:
    try:
        return "submission" in json.loads(file.read_bytes())
    except (OSError, ValueError, TypeError):
        return False
