from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import get_args

import pytest
from render_reports import a_part, a_person, a_report, late_by

from grader.render.gradebook import Shape, gradebook_csv
from grader.report import Report

ANN = a_person("7", "Ann Lee", "ann@example.org")
BOB = a_person("8", "=Bob", "")
GRADED = a_report("s1", a_part("1A", "7.5"), a_part("1B", "2", pending="3"), people=(ANN,))
FAULT = a_report("s2", people=(BOB,), status="host_fault", score=None, final_score=None, max_score=Decimal(20))


def rows(*reports: Report, shape: Shape = "csv", parts: tuple[str, ...] = ("1A", "1B")) -> list[dict[str, str]]:
    text = "".join(gradebook_csv(iter(reports), parts, shape))
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_row_has_all_that_was_given() -> None:
    (row,) = rows(GRADED)
    assert row == {
        "id": "7",
        "name": "Ann Lee",
        "email": "ann@example.org",
        "1A": "7.5",
        "1B": "2",
        "total": "9.5",
        "late_deduction": "",
        "final": "9.5",
        "pending": "3",
        "max": "20",
        "status": "graded",
        "late_hours": "",
        "submission": "s1",
    }


def test_each_member_of_a_group_has_a_row() -> None:
    group = a_report("g", a_part("1A", "4"), people=(ANN, BOB))
    assert [(row["id"], row["name"], row["final"]) for row in rows(group)] == [
        ("7", "Ann Lee", "4"),
        ("8", "'=Bob", "4"),
    ]


@pytest.mark.parametrize(
    ("shape", "column"), [("csv", "id"), ("canvas", "SIS User ID"), ("moodle", "ID number"), ("gradescope", "SID")]
)
@pytest.mark.parametrize("own", ["ann@uni.ca", "müller.k", "jane_", "O'Brien", "260/12-3"])
def test_an_id_is_the_courses(own: str, shape: Shape, column: str) -> None:
    report = a_report("s", a_part("1A", "4"), people=(a_person(own, own),), origin={"platform": "plain"})
    assert rows(report, shape=shape)[-1][column] == own


def test_who_has_an_address_and_no_id() -> None:
    report = a_report(
        "s", a_part("1A", "4"), people=(a_person("", "Ana", "ana@x"),), origin={"platform": "gradescope"}
    )
    assert rows(report)[0]["id"] == "ana@x"
    assert rows(report, shape="gradescope")[0]["SID"] == ""
    assert [rows(report, shape="canvas")[-1][name] for name in ("SIS User ID", "SIS Login ID")] == ["", "ana@x"]


def test_who_is_not_known_is_the_submission() -> None:
    (row,) = rows(a_report("alice", a_part("1A", "4")))
    assert (row["id"], row["name"], row["email"]) == ("alice", "", "")


def test_who_has_no_mark_has_empty_cells_never_a_zero() -> None:
    (row,) = rows(FAULT)
    assert (row["id"], row["status"], row["max"]) == ("8", "host_fault", "20")
    assert {row[name] for name in ("1A", "1B", "total", "final", "pending", "late_deduction")} == {""}


def test_a_part_that_was_not_graded_is_empty_and_one_that_nobody_asks_for_is_left_out() -> None:
    (row,) = rows(GRADED, parts=("1B", "9Z"))
    assert (row["1B"], row["9Z"]) == ("2", "")
    assert "1A" not in row


@pytest.mark.parametrize(
    ("known", "deduction", "expected"),
    [
        (5400.0, "2.5", ("2.5", "7", "1.5")),
        (None, "1", ("1", "8.5", "unknown")),
    ],
)
def test_lateness_has_its_columns(known: float | None, deduction: str, expected: tuple[str, ...]) -> None:
    late = late_by(known, deduction)
    final = Decimal("9.5") - late.deducted
    part = a_part("1A", "9.5")
    (row,) = rows(a_report("s", part, late=late, final_score=final, origin={"late_seconds": known}))
    assert (row["late_deduction"], row["final"], row["late_hours"]) == expected
    assert row["total"] == row["1A"] == "9.5"


@pytest.mark.parametrize(("seconds", "hours"), [(0.0, "0"), (-3.0, "0"), (36.0, "0.01"), (float("nan"), "")])
def test_hours_without_a_deduction(seconds: float, hours: str) -> None:
    (row,) = rows(a_report("s", a_part("1A", "1"), origin={"late_seconds": seconds}))
    assert row["late_hours"] == hours


def test_a_report_from_before_there_was_a_final_score() -> None:
    (row,) = rows(a_report("s", a_part("1A", "4"), final_score=None))
    assert row["final"] == "4"


@pytest.mark.parametrize("shape", get_args(Shape))
def test_reports_are_taken_one_at_a_time(shape: Shape) -> None:
    taken = 0

    def many() -> Iterator[Report]:
        nonlocal taken
        for _ in range(5):
            taken += 1
            yield GRADED

    lines = gradebook_csv(many(), ["1A"], shape)
    while "Ann" not in next(lines):
        pass
    assert taken == 1
    assert len(list(lines)) == 4


@pytest.mark.parametrize("shape", get_args(Shape))
def test_without_reports_there_is_a_header(shape: Shape) -> None:
    assert "".join(gradebook_csv([], ["1A"], shape)).count("\n") == 1


@pytest.mark.parametrize("shape", get_args(Shape))
def test_only_our_own_starts_with_the_mark_that_excel_needs(shape: Shape) -> None:
    text = "".join(gradebook_csv([GRADED], ["1A"], shape))
    assert text.count("\ufeff") == text.startswith("\ufeff") == (shape == "csv")


@pytest.mark.parametrize("shape", ["canvas", "moodle", "gradescope"])
def test_a_platform_gets_no_line_of_who_has_no_mark(shape: Shape) -> None:
    text = "".join(gradebook_csv([FAULT, GRADED], ["1A"], shape))
    assert "Bob" not in text
    assert "Ann" in text
