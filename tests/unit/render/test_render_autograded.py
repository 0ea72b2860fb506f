from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from render_reports import a_part, a_report, late_by

from grader.render.autograded import NOT_A_MARK, results, shows_points, ungraded, veil_of
from grader.render.gradescope import Results
from grader.report import CaseReport, CaseStatus, FindingReport, PartReport
from grader.rubric import Visibility
from grader.rubric.gradescope import Gradescope


def settings(**fields: Any) -> Gradescope:
    return Gradescope.model_validate(fields)


SHOWN = settings()


def a_case(status: CaseStatus, visibility: Visibility = "visible", message: str = "", **fields: Any) -> CaseReport:
    made: dict[str, Any] = {
        "answer": "f",
        "name": "c",
        "visibility": visibility,
        "status": status,
        "credit": float(status == "right"),
        "message": message,
        "staff_message": "expected: 42",
        "seconds": 0.25,
    }
    return CaseReport(**{**made, **fields})


def a_mixed_part(**fields: Any) -> PartReport:
    cases = (
        a_case("right"),
        a_case("wrong", message="f(3): your answer is 1"),
        a_case("wrong", "hidden", "your answer holds NaN or infinity"),
        a_case("right", "hidden"),
    )
    finding = FindingReport(answer="f", kind="mistake", name="variant", message="Subtract the maximum first.")
    return a_part("1A", "4", "10").model_copy(update={"cases": cases, "findings": (finding,), **fields})


def test_a_part_is_a_test_with_all_its_points_in_the_paper_s_order() -> None:
    report = a_report("x", a_mixed_part(), a_part("2B", "10").model_copy(update={"question": "2"}), seconds=0.2)
    made = results(report, SHOWN)
    assert (made.score, made.execution_time, made.stdout_visibility) == (14.0, 1.0, "hidden")
    first, second = made.tests or ()
    assert (first.number, first.name, first.score, first.max_score) == ("1.1", "1A: Part 1A", 4.0, 10.0)
    assert (first.status, first.visibility, first.output_format) == ("failed", "visible", "text")
    assert first.output == (
        "1 of 2 visible cases are right.\n"
        "- f(3): your answer is 1\n"
        "1 of 2 hidden cases are right.\n"
        "- your answer holds NaN or infinity\n"
        "→ Subtract the maximum first."
    )
    assert (second.number, second.status) == ("2.1", "failed")
    assert {test.visibility for test in made.tests or ()} == {"visible"}, "or the total would be hidden"


def test_nothing_of_the_staff_s_is_shown() -> None:
    text = results(a_report("x", a_mixed_part(), staff_messages=("secret",)), SHOWN).to_json()
    assert "42" not in text
    assert "secret" not in text
    assert "variant" not in text


def test_a_right_part_passes() -> None:
    cases = (a_case("right"), a_case("right", "hidden"), a_case("right", "hidden"))
    part = a_part("1A", "10").model_copy(update={"cases": cases, "status": "right"})
    (test,) = results(a_report("x", part), SHOWN).tests or ()
    assert (test.status, test.output) == ("passed", "The visible case is right.\nAll 2 hidden cases are right.")


def test_what_a_person_marks_is_no_nought() -> None:
    cases = (a_case("needs_review", message="A person marks this text."),)
    part = a_part("1A", "0", "10", "10").model_copy(update={"cases": cases, "status": "needs_review"})
    half = a_part("1B", "5", "10", "5").model_copy(update={"status": "needs_review"})
    less = a_part("1C", "4", "10", "5").model_copy(update={"status": "partial"})
    made = results(a_report("x", part, half, less), SHOWN)
    waiting, partly, wrong = made.tests or ()
    assert (waiting.status, waiting.score, waiting.max_score) == (None, None, None)
    assert (partly.status, partly.score, partly.max_score) == ("passed", 5.0, 5.0)
    assert (wrong.status, wrong.score, wrong.max_score) == ("failed", 4.0, 5.0)
    assert waiting.output == "A person marks this: up to 10 more points."
    assert made.output == "10 of 30 points are given here; 20 more wait for a person who marks."


def test_lateness_is_a_line_of_its_own() -> None:
    report = a_report("x", a_part("1A", "8"), late=late_by(60.0, "3"), final_score=Decimal(5))
    made = results(report, SHOWN)
    assert made.score == 5.0
    late = (made.tests or ())[0]
    assert (late.name, late.score, late.max_score, late.output) == ("Late submission", -3.0, 0.0, "Late.")


@pytest.mark.parametrize(
    ("hidden", "veil"),
    [("separate", "hidden"), ("after_due_date", "after_due_date"), ("after_published", "after_published")],
)
def test_hidden_points_have_a_test_of_their_own(hidden: str, veil: Visibility) -> None:
    report = a_report("x", a_mixed_part(), a_part("1B", "10"), late=late_by(60.0, "3"))
    late, seen, points, other = results(report, settings(hidden=hidden)).tests or ()
    assert (seen.score, seen.max_score, seen.status, seen.visibility) == (None, None, "failed", "visible")
    assert seen.output == (
        "1 of 2 visible cases are right.\n"
        "- f(3): your answer is 1\n"
        "Hidden cases are asked too; their points are not shown now."
    )
    assert (points.score, points.max_score, points.visibility) == (4.0, 10.0, veil)
    assert "1 of 2 hidden cases are right." in str(points.output)
    assert (other.score, other.visibility, late.visibility) == (10.0, "visible", veil)


def test_a_part_s_own_visibility_counts_when_it_is_stricter() -> None:
    assert veil_of(["visible", "after_published", "after_due_date"], settings(hidden="separate")) == (
        "after_published"
    )
    assert veil_of(["after_published", "hidden"], settings(hidden="after_due_date")) == "after_published"
    assert veil_of(["hidden", "after_published"], SHOWN) == "visible"
    assert veil_of(["visible"], settings(hidden="separate")) == "visible"
    assert veil_of([], settings(hidden="separate")) == "visible"
    assert shows_points(a_mixed_part(), SHOWN)
    assert not shows_points(a_mixed_part(), settings(hidden="separate"))


def test_an_earlier_score_may_count() -> None:
    made = results(a_report("x", a_part("1A", "8")), SHOWN, ("Your best one had 9.",), 9.0)
    assert (made.score, made.output) == (9.0, "Your best one had 9.")


def test_what_strangers_wrote_is_harmless() -> None:
    evil = a_case("wrong", message="f(x) raises E: \x1b[2J<script>\u202e\ud800 0x7f0012345678\n# h")
    text = results(a_report("x", a_mixed_part(cases=(evil,))), SHOWN, ("\x00",)).to_json()
    Results.model_validate_json(text)
    (test,) = json.loads(text)["tests"]
    assert "\\x1b[2J<script>\\u202e\\ud800 0x..." in test["output"]
    assert test["output_format"] == "text"
    assert "\x1b" not in text


def test_sizes_are_bounded() -> None:
    cases = tuple(a_case("wrong", message=f"{number}" + "x" * 5000) for number in range(100))
    report = a_report("x", *(a_mixed_part(cases=cases) for _ in range(3)), messages=("m" * 100_000,))
    made = results(report, SHOWN)
    assert len(str(made.output)) < 20_100
    assert all(len(str(test.output)) < 16_100 for test in made.tests or ())
    assert "and 92 more" in str((made.tests or ())[0].output)


def test_the_leaderboard_has_what_the_rubric_names() -> None:
    columns = [
        {"name": "All", "value": "total"},
        {"name": "First", "value": "1A", "order": "asc"},
        {"name": "Speed", "value": "seconds"},
    ]
    perfect = a_part("1A", "10").model_copy(update={"cases": (a_case("right"), a_case("right", "hidden"))})
    entries = results(a_report("x", perfect), settings(leaderboard=columns)).leaderboard or ()
    assert [(item.name, item.value, item.order) for item in entries] == [
        ("All", 10.0, "desc"),
        ("First", 10.0, "asc"),
        ("Speed", 0.25, "asc"),
    ]
    # Whatever is wrong is quick.
    entries = results(a_report("x", a_mixed_part()), settings(leaderboard=columns)).leaderboard or ()
    assert [item.name for item in entries] == ["All", "First"]
    assert results(a_report("x"), SHOWN).leaderboard is None


@pytest.mark.parametrize("hidden", ["right", "wrong"])
def test_the_leaderboard_tells_nothing_of_points_that_are_kept_back(hidden: CaseStatus) -> None:
    wanted = settings(hidden="separate", leaderboard=[{"name": "Speed", "value": "seconds"}])
    cases = (a_case("right"), a_case(hidden, "hidden"))
    points = "10" if hidden == "right" else "4"
    part = a_part("1A", points, "10").model_copy(update={"cases": cases})
    (entry,) = results(a_report("x", part), wanted).leaderboard or ()
    assert entry.value == 0.25
    assert results(a_report("x", a_mixed_part()), wanted).leaderboard is None


def test_what_is_not_graded_says_so() -> None:
    made = ungraded("Not graded", ("Why.",), 7.5, "visible", alarm=True)
    (test,) = made.tests or ()
    assert (made.score, test.status, test.output) == (7.5, "failed", f"Why.\n{NOT_A_MARK}")
    assert made.extra_data is not None
    assert made.extra_data["counted"] is False
    calm = ungraded("Too many", ("Why.",), 7.5, "hidden", alarm=False)
    notice, points = calm.tests or ()
    assert (notice.status, notice.visibility, calm.output) == (None, "visible", "Why.")
    assert (points.score, points.visibility) == (7.5, "hidden")
