"""What comes of a batch of paths: submissions as they were handed in, and what could not be one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.submission import Person


@dataclass(frozen=True, slots=True)
class Handed:
    """One submission as it was handed in.

    Attributes:
        id: unique in the batch whatever the case of its letters, safe as a file name, the same in every run.
        path: the file or the folder to read.
        entry: the path within the folder of the file that is the submission; empty for a single file.
        people: who handed it in; a group's download may name the group only.
        platform: `gradescope`, `canvas`, `moodle` or `plain`.
        submitted_at: ISO 8601 with an offset; empty where nothing tells it.
        late: whether the platform says that it came late; None where it says nothing.
        late_seconds: by how much; 0 for in time, None where nothing tells it.
        notes: what a teaching assistant should know, a sentence each.
    """

    id: str
    path: Path
    entry: str
    people: tuple[Person, ...]
    platform: str
    submitted_at: str = ""
    late: bool | None = None
    late_seconds: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that cannot be graded, and why, in one line.

    Attributes:
        id: like that of a submission, and among them.
        source: the path as it was typed, and what is meant within it.
        reason: what is wrong, and what to do.
        people: whose it is, where that is known.
        platform: where it came from.
    """

    id: str
    source: str
    reason: str
    people: tuple[Person, ...] = ()
    platform: str = "plain"


@dataclass(frozen=True, slots=True)
class Piece:
    """One student's or one group's work before anybody looked into it: a folder, or files with their own names.

    Attributes:
        source: where it is within what was typed, for a person; empty for all of it.
        refusal: why it cannot be graded, where its name alone tells that.
    """

    id: str
    people: tuple[Person, ...]
    platform: str = "plain"
    folder: Path | None = None
    files: tuple[tuple[str, Path], ...] = ()
    source: str = ""
    submitted_at: str = ""
    late: bool | None = None
    late_seconds: float | None = None
    notes: tuple[str, ...] = ()
    refusal: str = ""
