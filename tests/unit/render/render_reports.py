"""Reports for the tests of the renderers: short to write, with all that a report must have."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from grader.report import FileReport, LateReport, PartReport, PersonReport, Provenance, Report, SubmissionReport


def a_part(part_id: str, score: str, most: str = "10", pending: str = "0", title: str = "") -> PartReport:
    return PartReport(
        question="1",
        id=part_id,
        title=title or f"Part {part_id}",
        score=Decimal(score),
        max_score=Decimal(most),
        pending_points=Decimal(pending),
        status="partial",
        cases=(),
    )


def a_report(
    submission_id: str = "ann",
    *parts: PartReport,
    people: tuple[PersonReport, ...] = (),
    origin: dict[str, Any] | None = None,
    digests: dict[str, str] | None = None,
    **fields: Any,
) -> Report:
    origin = {"files": (FileReport(name="a.py", sha256="ab", bytes=3),), **(origin or {})}
    known = {"plan": "p", "key": "k", "rubric": "r", "reference": "f", "grader": "0", "python": "3", "numpy": "2"}
    score = sum((part.score for part in parts), Decimal(0))
    made: dict[str, Any] = {
        "status": "graded",
        "assignment": "hw",
        "title": "Homework 3",
        "submission": SubmissionReport(id=submission_id, people=people, **origin),
        "score": score,
        "max_score": sum((part.max_score for part in parts), Decimal(0)),
        "pending_points": sum((part.pending_points for part in parts), Decimal(0)),
        "final_score": score,
        "messages": (),
        "staff_messages": (),
        "parts": parts,
        "isolation": {},
        "provenance": Provenance(**{**known, **(digests or {})}),
        "graded_at": "2026-01-01T00:00:00+00:00",
        "seconds": 1.0,
    }
    return Report(**{**made, **fields})


def late_by(seconds: float | None, deducted: str) -> LateReport:
    return LateReport(seconds=seconds, deducted=Decimal(deducted), message="Late.")


def a_person(person_id: str, name: str = "", email: str = "") -> PersonReport:
    return PersonReport(id=person_id, name=name, email=email)
