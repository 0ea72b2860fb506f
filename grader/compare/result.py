"""What `grader compare` finds, as data: `grader compare --json` prints it.

There may be ten thousand submissions: what there is one of for each of them, or for each of their parts, is a
small dataclass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from grader.report import Points


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part whose points differ.

    Attributes:
        id: the part.
        old: points before; None when it was not graded then.
        new: points now.
        old_max: what it was worth.
        new_max: what it is worth.
        old_pending: points that a person had to mark.
        new_pending: points that a person must mark.
    """

    id: str
    old: Points | None
    new: Points | None
    old_max: Points | None
    new_max: Points | None
    old_pending: Points | None
    new_pending: Points | None


@dataclass(frozen=True, slots=True)
class Change:
    """A submission whose marks differ.

    Attributes:
        id: the submission.
        who: names of those who handed it in, as far as they are known.
        old_status: of the report before.
        new_status: of the report now.
        old: final points before; None when there was no mark.
        new: final points now.
        change: new less old; None when one of them is missing.
        old_max: points of the whole before.
        new_max: points of the whole now.
        parts: those that differ.
        why: what differs in what marks follow from: digests and versions by their names, `files` for what was
            handed in, `lateness` for when. Empty when nothing does: something that was measured, as a time limit.
    """

    id: str
    who: str
    old_status: str
    new_status: str
    old: Points | None
    new: Points | None
    change: Points | None
    old_max: Points
    new_max: Points
    parts: tuple[PartChange, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A submission with one report.

    Attributes:
        id: the submission.
        who: names of those who handed it in, as far as they are known.
        side: where its report is.
        final: its final points; None when there is no mark.
    """

    id: str
    who: str
    side: Literal["old", "new"]
    final: Points | None


@dataclass(frozen=True, slots=True)
class PartSummary:
    """A part, over all submissions that have it on both sides.

    Attributes:
        id: the part.
        gained: submissions that have more points now.
        lost: submissions that have fewer.
        mean_change: of all of them, unchanged ones too.
    """

    id: str
    gained: int
    lost: int
    mean_change: Points


class Comparison(BaseModel):
    """What differs between two gradings of the same submissions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    old: str
    new: str
    compared: int = Field(description="Submissions with a readable report on both sides.")
    changed: int = Field(description="Those of them whose marks differ.")
    mean_change: Points | None = Field(description="Of the final points of all that have them on both sides.")
    causes: dict[str, int] = Field(description="What differs in what marks follow from, for how many compared.")
    parts: tuple[PartSummary, ...] = Field(description="Parts in which points differ.")
    changes: tuple[Change, ...] = Field(description="Those without a mark on one side, then the largest first.")
    missing: tuple[Missing, ...] = Field(description="Submissions with one report only.")
    damaged: tuple[str, ...] = Field(description="A line for each report that cannot be read.")

    @property
    def differs(self) -> bool:
        """Whether somebody's marks differ, or are missing on one side."""
        return bool(self.changes or self.missing)

    def to_json(self) -> str:
        """Return the comparison as indented JSON with a final line feed."""
        return self.model_dump_json(indent=2) + "\n"
