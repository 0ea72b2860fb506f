from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from render_reports import a_part, a_person, a_report, late_by

from grader.render.gradebook import Shape, gradebook_csv
from grader.report import Report

PARTS = (a_part("1A", "7.5", title="Softmax, stable"), a_part("1B", "2", pending="3"))


def table(report: Report, shape: Shape) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(gradebook_csv([report], ["1A", "1B", "9Z"], shape)))))


def test_canvas_finds_its_own_students_by_its_own_number() -> None:
    people = (a_person("4321", "leeann"),)
    assert table(a_report("leeann_4321", *PARTS, people=people, origin={"platform": "canvas"}), "canvas") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Homework 3"],
        ["    Points Possible", "", "", "", "", "20"],
        ["leeann", "4321", "", "", "", "9.5"],
    ]


@pytest.mark.parametrize(
    ("platform", "email", "expected"),
    [
        ("plain", "", ["", "123", "123"]),
        ("gradescope", "a@example.org", ["", "123", "a@example.org"]),
    ],
)
def test_another_platforms_number_is_never_canvas_own(platform: str, email: str, expected: list[str]) -> None:
    people = (a_person("123", "Ann Lee", email),)
    row = table(a_report("s", *PARTS, people=people, origin={"platform": platform}), "canvas")[2]
    assert row[1:4] == expected


def test_canvas_is_not_given_an_anonymous_id_as_a_number() -> None:
    people = (a_person("1anon_2", ""),)
    row = table(a_report("s", *PARTS, people=people, origin={"platform": "canvas"}), "canvas")[2]
    assert row[:2] == ["1anon_2", ""]


def test_nobody_is_named_after_the_submission() -> None:
    report = a_report("alice", *PARTS)
    assert table(report, "canvas")[2][:4] == ["alice", "", "", ""]
    assert table(report, "moodle")[1][:3] == ["", "alice", ""]
    assert table(report, "gradescope")[1][:4] == ["", "alice", "", ""]


def test_moodle_finds_its_participants() -> None:
    people = (a_person("512", "Ann Lee", "a@example.org"),)
    assert table(a_report("s", *PARTS, people=people, origin={"platform": "moodle"}), "moodle") == [
        [
            "Identifier",
            "Full name",
            "ID number",
            "Email address",
            "Grade",
            "Maximum Grade",
            "Last modified (grade)",
        ],
        ["Participant 512", "Ann Lee", "", "a@example.org", "9.5", "20", ""],
    ]


def test_moodle_knows_others_by_number_and_address_and_a_team_by_nothing() -> None:
    people = (a_person("512", "Ann Lee"),)
    assert table(a_report("s", *PARTS, people=people), "moodle")[1][:3] == ["", "Ann Lee", "512"]
    team = (a_person("Team-x", "Team"),)
    assert table(a_report("s", *PARTS, people=team, origin={"platform": "moodle"}), "moodle")[1][0] == ""


def test_gradescopes_columns() -> None:
    people = (a_person("00123", "Ann van Lee", "a@example.org"),)
    origin = {"platform": "gradescope", "submitted_at": "2026-03-01T10:20:30+00:00", "late_seconds": 90061.7}
    late = late_by(90061.7, "2")
    report = a_report("submission_77", *PARTS, people=people, origin=origin, late=late, final_score=Decimal("7.5"))
    header, row = table(report, "gradescope")
    found = dict(zip(header, row, strict=True))
    assert found == {
        "First Name": "Ann van",
        "Last Name": "Lee",
        "SID": "00123",
        "Email": "a@example.org",
        "Total Score": "7.5",
        "Max Points": "20",
        "Status": "Ungraded",
        "Submission ID": "77",
        "Submission Time": "2026-03-01 10:20:30 +0000",
        "Lateness (H:M:S)": "25:01:01",
        "1A: Softmax, stable (10.0 pts)": "7.5",
        "1B: Part 1B (10.0 pts)": "2",
        "9Z": "",
    }


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(None, ""), (float("inf"), ""), (-5.0, "00:00:00"), (0.0, "00:00:00"), (3599.9, "00:59:59")],
)
def test_gradescopes_lateness(seconds: float | None, shown: str) -> None:
    report = a_report("s", a_part("1A", "1"), origin={"late_seconds": seconds, "submitted_at": "yesterday"})
    header, row = table(report, "gradescope")
    found = dict(zip(header, row, strict=True))
    assert (found["Lateness (H:M:S)"], found["Submission Time"], found["Status"]) == (shown, "yesterday", "Graded")
