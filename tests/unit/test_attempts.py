from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from grader.attempts import automatic_points, changes, counting_score, kept_score, refusal
from grader.intake.metadata import Attempt, Metadata
from grader.key import compile_rubric
from grader.report import PartReport
from grader.rubric import load_rubric
from grader.rubric.gradescope import Gradescope

MOST = Decimal(10)
NOW = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=-5)))


def settings(**fields: Any) -> Gradescope:
    return Gradescope.model_validate(fields)


def ago(
    hours: float, score: float | None = 5.0, *, counted: bool = True, parts: dict[str, float] | None = None
) -> Attempt:
    return Attempt(NOW - dt.timedelta(hours=hours), score, counted, parts or {})


def known(*earlier: Attempt) -> Metadata:
    return Metadata(time=NOW, earlier=earlier)


def part(part_id: str, score: str) -> PartReport:
    return PartReport(
        question="1",
        id=part_id,
        title="",
        score=Decimal(score),
        max_score=Decimal(10),
        pending_points=Decimal(0),
        status="partial",
        cases=(),
    )


def test_without_a_limit_every_submission_is_graded() -> None:
    assert refusal(known(*[ago(1)] * 50), settings()) == ""


def test_a_limit_counts_what_was_graded_within_a_day() -> None:
    two = settings(per_day=2)
    assert refusal(known(ago(25), ago(24), ago(1)), two) == ""
    assert refusal(known(ago(30), ago(20), ago(1)), two) == (
        "2 submissions are graded within 24 hours, and you have had that. This one was not graded and does not "
        "count. The next one can be graded from 2026-03-02 16:00:00 (UTC-0500) on: hand in again then."
    )


def test_what_was_not_graded_is_not_counted() -> None:
    one = settings(per_day=1)
    nameless = Attempt(None, 3.0, counted=True, parts={})
    assert refusal(known(ago(3, counted=False), ago(2, None, counted=False), nameless), one) == ""
    assert refusal(known(ago(23)), one).startswith("One submission is graded within 24 hours")


def test_when_more_were_graded_than_allowed_all_but_one_must_have_passed() -> None:
    # The limit was lowered meanwhile.
    assert "2026-03-03 11:00:00" in refusal(known(ago(5), ago(3), ago(1)), settings(per_day=1))
    assert "2026-03-03 09:00:00" in refusal(known(ago(5), ago(3), ago(1)), settings(per_day=2))


def test_nobody_is_refused_where_the_time_is_unknown() -> None:
    assert refusal(Metadata(earlier=(ago(1),)), settings(per_day=1)) == ""


@pytest.mark.parametrize(("keep", "score"), [("latest", 4.0), ("best", 9.0)])
def test_what_stands_before_grading(keep: str, score: float) -> None:
    earlier = [ago(3, 9.0), ago(2, 4.0), ago(1, None)]
    assert kept_score(earlier, settings(keep=keep), MOST) == score
    assert kept_score([ago(1, None)], settings(keep=keep), MOST) is None


def test_a_notice_s_nought_does_not_stand_for_the_score_before_it() -> None:
    notice = ago(1, 0.0, counted=False)
    assert kept_score([ago(2, 9.0), notice], settings(), MOST) == 9.0
    assert kept_score([notice], settings(), MOST) == 0.0


def test_what_was_given_until_grading_was_ended_may_be_the_best() -> None:
    earlier = [ago(2, 4.0), ago(1, 7.0, counted=False)]
    assert kept_score(earlier, settings(keep="best"), MOST) == 7.0
    assert kept_score(earlier, settings(), MOST) == 4.0


@pytest.mark.parametrize(("then", "now"), [(94.0, 10.0), (1e308, 10.0), (-5.0, 0.0)])
def test_no_earlier_score_is_more_than_can_be_had(then: float, now: float) -> None:
    """The rubric may have had more points then."""
    assert kept_score([ago(1, then)], settings(keep="best"), MOST) == now
    assert kept_score([ago(1, then)], settings(), MOST) == now


def test_what_a_person_marks_is_not_automatic(small: Path) -> None:
    rubric = load_rubric(small / "rubrics" / "small.yaml")
    assert automatic_points(compile_rubric(rubric, small / "rubrics").plan) == 4


def test_the_best_score_counts_where_the_rubric_says_so() -> None:
    best = settings(keep="best")
    assert counting_score(3.0, [ago(1, 9.25)], best, MOST) == (
        9.25,
        "This submission has 3 points. Your best one had 9.25: the best score counts, and is shown.",
    )
    assert counting_score(10.0, [ago(1, 9.25)], best, MOST) == (10.0, "")
    assert counting_score(3.0, [], best, MOST) == (3.0, "")
    assert counting_score(3.0, [ago(1, 9.25)], settings(), MOST) == (3.0, "")


def test_what_changed_since_the_last_one_that_was_graded() -> None:
    earlier = [ago(9, parts={"A": 9.0}), ago(2, parts={"A": 1.0, "B": 2.0, "C": 4.0}), ago(1, counted=False)]
    parts = [part("A", "3"), part("B", "2"), part("C", "0.5"), part("D", "1")]
    assert (
        changes(parts, earlier)
        == "Since your last submission: part A rose from 1 to 3, part C fell from 4 to 0.5."
    )
    assert changes(parts[1:2], earlier) == "Since your last submission: no part has other points."
    assert changes(parts, []) == ""


def test_a_thousand_changes_are_not_all_told() -> None:
    parts = [part(f"P{number}", "3") for number in range(100)]
    said = changes(parts, [ago(1, parts={item.id: 1.0 for item in parts})])
    assert said.endswith("part P59 rose from 1 to 3 and 40 more.")
