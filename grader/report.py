"""The report: what a submission was given, and why. Pydantic, frozen; `grader schema report` prints its schema."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from grader.plainly import printable
from grader.rubric.model import Visibility

Points: TypeAlias = Annotated[
    Decimal, Field(decimal_places=2), PlainSerializer(float, return_type=float, when_used="json")
]
"""Points with at most two decimals: exact inside, a plain number in JSON."""

CaseStatus: TypeAlias = Literal["right", "wrong", "no_answer", "needs_review"]
PartStatus: TypeAlias = Literal["right", "partial", "wrong", "no_answer", "needs_review"]


def points(exact: Fraction) -> Decimal:
    """Return `exact` rounded to two decimals, halves up: the one place where points are rounded."""
    return Decimal(math.floor(exact * 100 + Fraction(1, 2))).scaleb(-2)


def plain(number: Decimal) -> str:
    """Return a number of points without idle zeros."""
    return f"{number.normalize():f}"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CaseReport(_Model):
    """One case, or one written answer, of a part."""

    answer: str = Field(description="The function or variable that it asks for.")
    name: str
    visibility: Visibility
    status: CaseStatus
    credit: Annotated[float, Field(ge=0, le=1)] = Field(description="Share of the case's worth that was earned.")
    message: str = Field(description="For the student: gives nothing hidden away.")
    staff_message: str = Field(description="For staff: inputs, expected and got, traceback, prints, text to mark.")
    seconds: float


class FindingReport(_Model):
    """What is wrong with an answer as a whole, and what to do about it."""

    answer: str = Field(description="The function that it is about; empty for the part.")
    kind: str = Field(description="`mistake` for one that the rubric knows, `follow_through`, or a diagnosis.")
    name: str = Field(description="The known mistake's, for staff.")
    message: str = Field(description="For the student: gives nothing hidden away.")


class PartReport(_Model):
    """One sub-question."""

    question: str
    id: str
    title: str
    score: Points
    max_score: Points
    pending_points: Points = Field(description="What a person must still mark; within `max_score`.")
    status: PartStatus
    findings: tuple[FindingReport, ...] = ()
    cases: tuple[CaseReport, ...]


class FileReport(_Model):
    """A file of the submission."""

    name: str
    sha256: str
    bytes: int

    @classmethod
    def of(cls, name: str, sha256: str, size: int) -> FileReport:
        """Return a file's report; its name is a stranger's word."""
        return cls(name=printable(name)[:300], sha256=sha256, bytes=size)


class PersonReport(_Model):
    """Who handed it in."""

    id: str
    name: str
    email: str


class SubmissionReport(_Model):
    """What was handed in, by whom and when."""

    id: str
    files: tuple[FileReport, ...]
    platform: str = "plain"
    people: tuple[PersonReport, ...] = ()
    submitted_at: str = Field(default="", description="ISO 8601; empty when unknown.")
    late: bool | None = Field(default=None, description="As the platform says; null when it says nothing.")
    late_seconds: float | None = Field(default=None, description="After the due date; null when unknown.")
    notes: tuple[str, ...] = Field(default=(), description="For staff: which file was taken, and why.")


class LateReport(_Model):
    """What lateness costs, on a line of its own."""

    seconds: float | None = Field(description="After the due date; null when only the fact is known.")
    deducted: Points
    message: str = Field(description="For the student.")


class Provenance(_Model):
    """What the marks follow from: the same digests and versions give the same marks."""

    plan: str
    key: str
    rubric: str
    reference: str
    grader: str
    python: str
    numpy: str


class Report(_Model):
    """What one submission was given, and why."""

    schema_version: Literal[1] = 1
    status: Literal["graded", "unreadable", "host_fault"]
    assignment: str
    title: str
    submission: SubmissionReport
    score: Points | None = Field(description="Points earned so far; null when the host was at fault.")
    max_score: Points
    pending_points: Points = Field(description="What a person must still mark; `max_score` includes it.")
    late: LateReport | None = Field(default=None, description="The deduction; null when there is none.")
    final_score: Points | None = Field(default=None, description="`score` less the deduction; null as `score` is.")
    messages: tuple[str, ...] = Field(description="About the file as a whole, for the student.")
    staff_messages: tuple[str, ...] = Field(description="About the file as a whole, for staff.")
    missing_modules: tuple[str, ...] = Field(
        default=(), description="For staff: what it imports and is neither part of it nor installed here."
    )
    parts: tuple[PartReport, ...]
    isolation: dict[str, str] = Field(description="What stood between the student's code and the machine.")
    provenance: Provenance
    graded_at: str = Field(description="UTC, ISO 8601.")
    seconds: float

    def to_json(self) -> str:
        """Return the report as indented JSON with a final line feed."""
        return self.model_dump_json(indent=2) + "\n"


def for_student(report: Report) -> Report:
    """Return the report with only what a student may see.

    Times of hidden cases go too, and the whole's: a function can make its time tell about its input.
    """
    parts = [
        part.model_copy(
            update={
                "cases": tuple(_for_student(case) for case in part.cases),
                "findings": tuple(item.model_copy(update={"name": ""}) for item in part.findings),
            }
        )
        for part in report.parts
    ]
    # Digests would let a guess at the rubric, and so at hidden inputs, be checked at home.
    digests = dict.fromkeys(("plan", "key", "rubric", "reference"), "")
    return report.model_copy(
        update={
            "parts": tuple(parts),
            "staff_messages": (),
            # An exception that a call raises can name anything, a hidden input too.
            "missing_modules": (),
            "submission": report.submission.model_copy(update={"notes": ()}),
            "seconds": 0.0,
            "provenance": report.provenance.model_copy(update=digests),
        }
    )


def _for_student(case: CaseReport) -> CaseReport:
    hidden = case.visibility != "visible"
    return case.model_copy(update={"staff_message": "", "seconds": 0.0 if hidden else case.seconds})
