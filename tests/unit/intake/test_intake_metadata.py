from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.intake import metadata
from grader.intake.metadata import Metadata, read_metadata

RESULTS = {
    "score": 5,
    "extra_data": {"counted": True},
    "tests": [
        {"score": 2.0, "visibility": "visible", "extra_data": {"part": "1A"}},
        {"score": 3.0, "visibility": "hidden", "extra_data": {"part": "1B"}},
        {"score": -1.0, "visibility": "visible", "extra_data": {"part": ""}},
        {"visibility": "visible", "extra_data": {"part": "1C"}},
        "no test",
    ],
}
WHOLE: dict[str, Any] = {
    "id": 123456,
    "created_at": "2018-07-01T14:22:32.365935-07:00",
    "assignment": {
        "due_date": "2018-07-01T14:00:00.000000-07:00",
        "late_due_date": None,
        "group_size": 2,
        "group_submission": True,
        "id": 25828,
        "course_id": 1234,
        "title": "Programming Assignment 1",
        "total_points": "20.0",
    },
    "submission_method": "upload",
    "users": [
        {"email": "ann@example.org", "id": 1234, "name": " Ann "},
        {"email": "bob@example.org", "id": 5678, "name": "Bob"},
    ],
    "previous_submissions": [
        {
            "submission_time": "2018-07-01T10:00:00.0Z",
            "score": "5.0",
            "autograder_error": False,
            "results": RESULTS,
        },
        {"submission_time": "2018-06-30T10:00:00Z", "score": 9.0, "autograder_error": True, "results": None},
    ],
}


def read(tmp_path: Path, content: Any) -> Metadata:
    file = tmp_path / "submission_metadata.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return read_metadata(file)


def test_all_of_it(tmp_path: Path) -> None:
    known = read(tmp_path, WHOLE)
    assert known.problem == ""
    assert known.origin.platform == "gradescope"
    assert [(person.id, person.name, person.email) for person in known.origin.people] == [
        ("1234", "Ann", "ann@example.org"),
        ("5678", "Bob", "bob@example.org"),
    ]
    assert known.origin.submitted_at == "2018-07-01T14:22:32-07:00"
    assert (known.origin.late, known.origin.late_seconds) == (True, 22 * 60 + 32)
    failed, graded = known.earlier
    assert (failed.score, failed.counted, failed.parts) == (None, False, {})
    assert (graded.score, graded.counted, graded.parts) == (5.0, True, {"1A": 2.0})


def test_the_latest_extension_in_a_group_counts(tmp_path: Path) -> None:
    users = [
        {"assignment": {"due_date": "2018-07-01T14:10:00-07:00"}},
        {"assignment": {"due_date": "2018-07-01T14:20:32-07:00"}},
        {"assignment": {"due_date": None}},
    ]
    assert read(tmp_path, {**WHOLE, "users": users}).origin.late_seconds == 120


def test_a_member_without_a_date_of_their_own_has_everybody_s(tmp_path: Path) -> None:
    users = [{"id": 1, "assignment": {"due_date": "2018-06-01T00:00:00-07:00"}}, {"id": 2}]
    known = read(tmp_path, {**WHOLE, "users": users})
    assert known.origin.late_seconds == 22 * 60 + 32


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_a_time_without_a_day_before_or_after_it_is_none(tmp_path: Path, time: str) -> None:
    assert read(tmp_path, {**WHOLE, "created_at": time}).time is None


def test_in_time_is_in_time(tmp_path: Path) -> None:
    origin = read(tmp_path, {**WHOLE, "created_at": "2018-07-01T13:59:59-07:00"}).origin
    assert (origin.late, origin.late_seconds) == (False, 0.0)


@pytest.mark.parametrize("due", [None, "soon", 17, "2018-13-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "x" * 50])
def test_without_a_due_date_lateness_is_unknown(tmp_path: Path, due: object) -> None:
    origin = read(tmp_path, {**WHOLE, "assignment": {"due_date": due}}).origin
    assert (origin.late, origin.late_seconds) == (None, None)


def test_an_attempt_that_was_refused_does_not_count(tmp_path: Path) -> None:
    results = {"extra_data": {"counted": False}}
    earlier = [{"submission_time": "2018-07-01T10:00:00Z", "score": 3, "results": results}]
    (attempt,) = read(tmp_path, {**WHOLE, "previous_submissions": earlier}).earlier
    assert (attempt.score, attempt.counted) == (3.0, False)


def test_attempts_are_in_their_order_and_none_is_of_the_future(tmp_path: Path) -> None:
    times = ["2018-07-01T20:00:00-07:00", "2018-07-01T09:00:00", "2018-07-01T08:00:00 UTC", None]
    earlier = [{"submission_time": time, "score": number} for number, time in enumerate(times)]
    known = read(tmp_path, {**WHOLE, "previous_submissions": earlier})
    assert [item.score for item in known.earlier] == [3, 2, 1]


@pytest.mark.parametrize("field", WHOLE)
@pytest.mark.parametrize("value", [None, 0, "", [], {}, [None], {"a": 1}, "x", True, [[]], 1e308])
def test_any_field_may_be_something_else(tmp_path: Path, field: str, value: object) -> None:
    assert read(tmp_path, {**WHOLE, field: value}).problem == ""
    less = {key: item for key, item in WHOLE.items() if key != field}
    assert read(tmp_path, less).problem == ""


@pytest.mark.parametrize("score", [None, True, "many", "1e999", [1], "nan"])
def test_a_score_is_a_number_or_nothing(tmp_path: Path, score: object) -> None:
    (attempt,) = read(tmp_path, {**WHOLE, "previous_submissions": [{"score": score}]}).earlier
    assert attempt.score is None


@pytest.mark.parametrize("content", ["", "{", "[]", "3", "[" * 100_000, "\0", "{'a': 1}"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, content: str) -> None:
    known = read(tmp_path, content)
    assert known.problem.startswith("submission_metadata.json cannot be read: ")
    assert known.earlier == ()


def test_a_file_that_is_not_there_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No such file" in read_metadata(tmp_path / "none.json").problem
    monkeypatch.setattr(metadata, "MAX_BYTES", 10)
    assert "it has more than" in read(tmp_path, WHOLE).problem
