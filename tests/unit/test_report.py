from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from grader.report import (
    CaseReport,
    FileReport,
    FindingReport,
    PartReport,
    Provenance,
    Report,
    SubmissionReport,
    for_student,
    points,
)
from grader.rubric import Visibility


def case(visibility: Any, **fields: Any) -> CaseReport:
    plain: dict[str, Any] = {
        "answer": "relu",
        "name": "case 1",
        "visibility": visibility,
        "status": "wrong",
        "credit": 0.5,
        "message": "the values are wrong.",
        "staff_message": "SECRET",
        "seconds": 0.7391,
    }
    return CaseReport(**{**plain, **fields})


def report(**fields: Any) -> Report:
    part = PartReport(
        question="1",
        id="1A",
        title="ReLU",
        score=Decimal("1.33"),
        max_score=Decimal(2),
        pending_points=Decimal(0),
        status="partial",
        cases=tuple(case(visibility) for visibility in get_args(Visibility)),
    )
    plain: dict[str, Any] = {
        "status": "graded",
        "assignment": "hw",
        "title": "Homework",
        "submission": SubmissionReport(id="ann", files=(FileReport(name="ann.py", sha256="ab", bytes=3),)),
        "score": Decimal("1.33"),
        "max_score": Decimal(2),
        "pending_points": Decimal("0.5"),
        "messages": ("about the file",),
        "staff_messages": ("SECRET",),
        "missing_modules": ("SECRET",),
        "parts": (part,),
        "isolation": {"seccomp": "yes"},
        "provenance": Provenance(plan="p", key="k", rubric="r", reference="f", grader="0", python="3", numpy="2"),
        "graded_at": "2026-01-01T00:00:00+00:00",
        "seconds": 5.7391,
    }
    return Report(**{**plain, **fields})


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        (Fraction(0), "0.00"),
        (Fraction(4), "4.00"),
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.67"),
        (Fraction(1, 200), "0.01"),
        (Fraction(1, 200) - Fraction(1, 10**40), "0.00"),
        (Fraction(201, 200), "1.01"),
        (Fraction(203, 200), "1.02"),
        (Fraction(199, 200), "1.00"),
        (Fraction(100_000), "100000.00"),
        (Fraction(4) + Fraction(1, 10**9), "4.00"),
    ],
)
def test_points_are_rounded_once_halves_up(exact: Fraction, rounded: str) -> None:
    assert str(points(exact)) == rounded


def test_points_are_plain_numbers_in_json() -> None:
    content = json.loads(report().to_json())
    assert content["score"] == 1.33
    assert content["parts"][0]["max_score"] == 2.0
    assert json.loads(report(score=None).to_json())["score"] is None


def test_a_report_survives_json() -> None:
    text = report().to_json()
    assert text.endswith("}\n")
    assert Report.model_validate_json(text) == report()


def test_points_with_more_decimals_are_refused() -> None:
    with pytest.raises(ValidationError):
        report(score=Decimal("4.000000001"))
    with pytest.raises(ValidationError):
        report(unheard_of=1)
    with pytest.raises(ValidationError):
        case("visible", credit=1.01)


def test_a_report_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        report().score = Decimal(2)


def test_a_student_sees_nothing_of_staffs() -> None:
    shown = for_student(report())
    text = shown.to_json()
    assert "SECRET" not in text
    assert shown.staff_messages == ()
    assert shown.messages == ("about the file",)
    assert [item.message for item in shown.parts[0].cases] == ["the values are wrong."] * 4


def test_a_student_cannot_read_a_hidden_input_off_the_clock() -> None:
    shown = for_student(report())
    times = {item.visibility: item.seconds for item in shown.parts[0].cases}
    assert times == {"visible": 0.7391, "hidden": 0.0, "after_due_date": 0.0, "after_published": 0.0}
    # The whole's time less the visible cases' is the hidden ones'.
    assert shown.seconds == 0.0


def test_points_and_status_are_the_same_for_a_student() -> None:
    full, shown = report(), for_student(report())
    for field in ("status", "score", "max_score", "pending_points", "submission", "graded_at"):
        assert getattr(shown, field) == getattr(full, field)
    for before, after in zip(full.parts, shown.parts, strict=True):
        assert before.model_copy(update={"cases": ()}) == after.model_copy(update={"cases": ()})
        assert [item.credit for item in before.cases] == [item.credit for item in after.cases]


def test_a_student_cannot_check_a_guess_against_a_digest() -> None:
    shown = for_student(report()).provenance
    assert (shown.plan, shown.key, shown.rubric, shown.reference) == ("", "", "", "")
    assert shown.grader == report().provenance.grader


def test_the_report_itself_is_left_alone() -> None:
    full = report()
    for_student(full)
    assert full == report()


def test_a_student_reads_what_is_wrong_and_not_what_the_rubric_calls_it() -> None:
    full = report()
    finding = FindingReport(answer="relu", kind="mistake", name="SECRET", message="Clip at 0.")
    part = full.parts[0].model_copy(update={"findings": (finding,)})
    (shown,) = for_student(full.model_copy(update={"parts": (part,)})).parts[0].findings
    assert (shown.answer, shown.kind, shown.name, shown.message) == ("relu", "mistake", "", "Clip at 0.")
