from __future__ import annotations

import datetime as dt
import json
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.attempts import changes, counting_score, kept_score, refusal
from grader.intake.metadata import Attempt, Metadata, read_metadata
from grader.render.autograded import results, shows_points, ungraded
from grader.render.gradescope import Results
from grader.report import (
    CaseReport,
    FindingReport,
    LateReport,
    PartReport,
    Provenance,
    Report,
    SubmissionReport,
)
from grader.rubric.gradescope import Gradescope

# Anything at all, lone surrogates and controls too: a stranger may have written it.
WORDS = st.text(st.characters(), max_size=40) | st.sampled_from(["\x1b[2J", "<img src=x>", "\ud800", "a" * 9_000])
CENTS = st.integers(0, 10_000).map(lambda cents: Decimal(cents).scaleb(-2))
VISIBILITIES = st.sampled_from(["visible", "hidden", "after_due_date", "after_published"])
SETTINGS = st.fixed_dictionaries(
    {
        "hidden": st.sampled_from(["counted", "separate", "after_due_date", "after_published"]),
        "keep": st.sampled_from(["latest", "best"]),
        "per_day": st.none() | st.integers(1, 3),
        "leaderboard": st.lists(st.just({"name": "Fast", "value": "seconds"}), max_size=2),
    }
).map(Gradescope.model_validate)
CASES = st.builds(
    CaseReport,
    answer=WORDS,
    name=WORDS,
    visibility=VISIBILITIES,
    status=st.sampled_from(["right", "wrong", "no_answer", "needs_review"]),
    credit=st.floats(0, 1),
    message=WORDS,
    staff_message=st.just("SECRET-OF-STAFF"),
    seconds=st.floats(0, 60),
)
FINDINGS = st.builds(FindingReport, answer=WORDS, kind=WORDS, name=st.just("SECRET-OF-STAFF"), message=WORDS)


@st.composite
def parts(draw: st.DrawFn) -> PartReport:
    most, score = sorted((draw(CENTS), draw(CENTS)), reverse=True)
    return PartReport(
        question=draw(st.sampled_from(["1", "2", "B"])),
        id=draw(st.sampled_from(["1A", "1B", "2A", "x\x00"])),
        title=draw(WORDS),
        score=score,
        max_score=most,
        pending_points=draw(st.sampled_from([Decimal(0), most - score])),
        status=draw(st.sampled_from(["right", "partial", "wrong", "no_answer", "needs_review"])),
        findings=tuple(draw(st.lists(FINDINGS, max_size=2))),
        cases=tuple(draw(st.lists(CASES, max_size=4))),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    made = tuple(draw(st.lists(parts(), max_size=4)))
    score = sum((part.score for part in made), Decimal(0))
    late = draw(st.none() | st.builds(LateReport, seconds=st.none(), deducted=st.just(score), message=WORDS))
    return Report(
        status=draw(st.sampled_from(["graded", "unreadable"])),
        assignment="hw",
        title=draw(WORDS),
        submission=SubmissionReport(id="x", files=()),
        score=score,
        max_score=sum((part.max_score for part in made), Decimal(0)),
        pending_points=sum((part.pending_points for part in made), Decimal(0)),
        late=late,
        final_score=Decimal(0) if late else score,
        messages=tuple(draw(st.lists(WORDS, max_size=2))),
        staff_messages=("SECRET-OF-STAFF",),
        parts=made,
        isolation={},
        provenance=Provenance(plan="p", key="k", rubric="r", reference="f", grader="0", python="3", numpy="2"),
        graded_at="",
        seconds=draw(st.floats(0, 1000)),
    )


@given(reports(), SETTINGS, st.lists(WORDS, max_size=2))
@settings(max_examples=100)
def test_any_report_gives_valid_results_that_show_nothing_of_staff(
    report: Report, wanted: Gradescope, lines: list[str]
) -> None:
    text = results(report, wanted, lines).to_json()
    made = Results.model_validate_json(text)
    text.encode()
    assert "SECRET-OF-STAFF" not in text
    assert made.score == float(report.final_score or 0)
    assert len(text) < 1_000_000
    assert all(char.isprintable() or char == "\n" for test in made.tests or () for char in str(test.output))


@given(reports(), SETTINGS)
@settings(max_examples=100)
def test_points_are_seen_where_the_setting_lets_them(report: Report, wanted: Gradescope) -> None:
    tests = results(report, wanted).tests or ()
    hides = [test for test in tests if test.visibility != "visible"]
    if wanted.hidden == "counted":
        assert hides == []
    for part in report.parts:
        if not shows_points(part, wanted):
            assert any(case.visibility != "visible" for case in part.cases)
    if wanted.hidden == "counted":
        total = sum(test.score or 0.0 for test in tests)
        unseen = sum(part.score for part in report.parts if part.pending_points == part.max_score > 0)
        assert abs(total + float(unseen) - float(report.final_score or 0)) < 0.01


@given(st.lists(WORDS, max_size=3), st.floats(-100, 100), VISIBILITIES, st.booleans())
def test_a_notice_is_valid_too(lines: list[str], score: float, veil: Any, alarm: bool) -> None:
    made = Results.model_validate_json(ungraded("Not graded", lines, score, veil, alarm=alarm).to_json())
    assert made.score == score


FOLDER = tempfile.mkdtemp()
NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.timezone.utc)
ATTEMPTS = st.lists(
    st.builds(
        Attempt,
        time=st.none() | st.integers(0, 72).map(lambda hours: NOW - dt.timedelta(hours=hours)),
        score=st.none() | st.floats(0, 100),
        counted=st.booleans(),
        parts=st.dictionaries(st.sampled_from(["1A", "1B"]), st.floats(0, 10)),
    ),
    max_size=6,
)


@given(ATTEMPTS, SETTINGS, st.floats(0, 50))
def test_the_score_that_counts_is_an_attempt_s(attempts: list[Attempt], wanted: Gradescope, score: float) -> None:
    most = Decimal(50)
    known = [min(item.score, 50.0) for item in attempts if item.score is not None]
    counts, said = counting_score(score, attempts, wanted, most)
    assert counts == (max([score, *known]) if wanted.keep == "best" else score)
    assert (said != "") is (counts != score)
    assert kept_score(attempts, wanted, most) in {None, *known}
    assert changes([], attempts) in {"", "Since your last submission: no part has other points."}


@given(ATTEMPTS, SETTINGS)
def test_as_many_are_graded_as_the_limit_says(attempts: list[Attempt], wanted: Gradescope) -> None:
    day = NOW - dt.timedelta(hours=24)
    count = sum(1 for item in attempts if item.counted and item.time and item.time > day)
    refused = refusal(Metadata(time=NOW, earlier=tuple(attempts)), wanted)
    assert (refused != "") is (wanted.per_day is not None and count >= wanted.per_day)


KEYS = st.sampled_from(
    [
        "created_at", "assignment", "due_date", "users", "id", "name", "email", "previous_submissions", "score",
        "submission_time", "results", "tests", "extra_data", "part", "counted", "visibility", "autograder_error",
    ]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(KEYS, JSON, max_size=6))
@settings(max_examples=300)
def test_whatever_the_platform_says_is_understood_or_left_out(content: Any) -> None:
    file = Path(FOLDER) / "submission_metadata.json"
    file.write_text(json.dumps(content))
    assert read_metadata(file).problem == ""


@given(st.binary(max_size=200))
def test_any_bytes_are_metadata_or_none(content: bytes) -> None:
    file = Path(FOLDER) / "submission_metadata.json"
    file.write_bytes(content)
    read_metadata(file)
