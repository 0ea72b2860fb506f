from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, get_args

import numpy as np
import pytest

from grader import outcome as oc
from grader.key import Expectation, Key
from grader.plan import Call, Case, FunctionAnswer, Limits, Part, PartAnswer, Plan, Question, WrittenAnswer
from grader.report import PartReport
from grader.rubric import Visibility
from grader.score import blank, score
from grader.wire import Opaque

RIGHT, WRONG, SHAPE = oc.Answered(1.0), oc.Answered(2.0), oc.Answered([1.0])
RAISED, MISSING = oc.Raised("ValueError", "bad"), oc.Missing()
RESULTS: dict[str, oc.Result] = {
    "right": RIGHT,
    "wrong": WRONG,
    "shape": SHAPE,
    "raised": RAISED,
    "missing": MISSING,
}


def case(case_id: str, weight: Any = 1, *, essential: bool = False, visibility: Any = "visible") -> Case:
    call = Call(case_id.partition("/")[0], (3.5,))
    return Case(case_id, f"case {case_id}", visibility, Fraction(weight), essential, call)


def function(name: str, *cases: Case, scoring: Literal["weighted", "all"] = "weighted") -> FunctionAnswer:
    return FunctionAnswer(name, ("x",), scoring, cases or (case(f"{name}/1"),))


def written(name: str = "ANSWER") -> WrittenAnswer:
    return WrittenAnswer(name, ("names the factor", "says why"))


def part(points: Any, *answers: PartAnswer, part_id: str = "1A") -> Part:
    return Part(part_id, f"Part {part_id}", Fraction(points), answers)


def plan(*parts: Part) -> Plan:
    return Plan("hw", "Homework", "digest", Limits(2, 20, 60, 1024), (Question("1", "First", parts),))


def key(of: Plan, shape_credit: Any = Fraction(1, 2), **fields: Any) -> Key:
    items = tuple(replace(Expectation(item.id, 1.0, 1e-6, 1e-9, False, "", ()), **fields) for item in of.cases())
    return Key(of.digest, "reference", Fraction(shape_credit), items)


def sitting(
    of: Plan, results: dict[str, oc.Result], texts: dict[str, Any] | None = None, **uses: Any
) -> oc.Sitting:
    outcomes = {item.id: oc.Outcome(results.get(item.id, RIGHT), 0.25) for item in of.cases()}
    found = {name: oc.Outcome((texts or {}).get(name, oc.Answered("because")), 0.1) for name in of.variables()}
    return oc.Sitting(oc.Loaded(uses=uses), 0.1, "", outcomes, found)


def scored(one: Part, results: dict[str, str] | None = None, texts: dict[str, Any] | None = None) -> PartReport:
    paper = plan(one)
    named = {name: RESULTS[word] for name, word in (results or {}).items()}
    (report,) = score(paper, key(paper), sitting(paper, named, texts))
    return report


# A function's credit.


def test_a_right_function_earns_all() -> None:
    report = scored(part(3, function("f")))
    assert (report.score, report.max_score, report.status) == (Decimal(3), Decimal(3), "right")
    assert (report.question, report.id, report.title) == ("1", "1A", "Part 1A")


@pytest.mark.parametrize(
    ("words", "earned"),
    [
        (("right", "right"), "4.00"),
        (("right", "wrong"), "3.00"),
        (("wrong", "right"), "1.00"),
        (("right", "raised"), "3.00"),
        (("shape", "right"), "2.50"),
        (("shape", "shape"), "2.00"),
        (("missing", "missing"), "0.00"),
    ],
)
def test_cases_count_by_weight(words: tuple[str, str], earned: str) -> None:
    answer = function("f", case("f/1", 3), case("f/2", 1))
    assert str(scored(part(4, answer), dict(zip(("f/1", "f/2"), words, strict=True))).score) == earned


def test_weights_are_exact() -> None:
    answer = function("f", *(case(f"f/{number}", Fraction(1, 10)) for number in range(1, 11)))
    results = {f"f/{number}": "wrong" for number in range(4, 11)}
    # In floats, 0.1 + 0.1 + 0.1 is not 0.3, and the total not 1.
    assert scored(part(Fraction("0.05"), answer), results).score == Decimal("0.02")


@pytest.mark.parametrize(
    ("words", "earned"),
    [(("right", "right"), 4), (("right", "wrong"), 0), (("shape", "right"), 2), (("shape", "raised"), 0)],
)
def test_all_or_nothing_is_the_least_credit(words: tuple[str, str], earned: int) -> None:
    answer = function("f", case("f/1", 3), case("f/2", 1), scoring="all")
    assert scored(part(4, answer), dict(zip(("f/1", "f/2"), words, strict=True))).score == earned


@pytest.mark.parametrize("scoring", ["weighted", "all"])
@pytest.mark.parametrize(("word", "lost"), [("wrong", True), ("raised", True), ("shape", False), ("right", False)])
def test_an_essential_case_that_earns_nothing_takes_all(scoring: Any, word: str, lost: bool) -> None:
    answer = function("f", case("f/1", 9), case("f/2", 1, essential=True), scoring=scoring)
    assert (scored(part(10, answer), {"f/2": word}).score == 0) is lost


def test_a_case_that_is_not_essential_does_not() -> None:
    answer = function("f", case("f/1", 9, essential=True), case("f/2", 1))
    assert scored(part(10, answer), {"f/2": "wrong"}).score == 9


# A part's points.


@pytest.mark.parametrize(
    ("wrong", "earned"),
    [((), "2.00"), (("f/1",), "1.33"), (("f/1", "g/1"), "0.67"), (("f/1", "g/1", "h/1"), "0.00")],
)
def test_several_answers_split_the_points_evenly(wrong: tuple[str, ...], earned: str) -> None:
    one = part(2, function("f"), function("g", case("g/1", 5)), function("h"))
    assert str(scored(one, dict.fromkeys(wrong, "wrong")).score) == earned


def test_points_are_rounded_once() -> None:
    # A sixth and a sixth of a point are a third; rounded one by one they would be 0.34.
    one = part(1, function("f"), function("g"), function("h"))
    assert str(scored(one, {"f/1": "shape", "g/1": "shape", "h/1": "wrong"}).score) == "0.33"
    assert str(scored(part(Fraction("0.01"), function("f"), function("g")), {"f/1": "wrong"}).score) == "0.01"


def test_a_part_without_points_is_right_or_wrong_all_the_same() -> None:
    assert scored(part(0, function("f"))).status == "right"
    assert scored(part(0, function("f")), {"f/1": "wrong"}).status == "wrong"


def test_tails_of_floats_never_appear() -> None:
    answers = [function(f"f{number}") for number in range(7)]
    for wrong in range(8):
        report = scored(part(Fraction("3.1"), *answers), {f"f{number}/1": "wrong" for number in range(wrong)})
        content = json.loads(report.model_dump_json())
        for field in ("score", "max_score", "pending_points"):
            assert len(repr(content[field]).partition(".")[2]) <= 2


# Statuses.


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("right", "right"), "right"),
        (("right", "wrong"), "partial"),
        (("shape", "wrong"), "partial"),
        (("wrong", "wrong"), "wrong"),
        (("wrong", "missing"), "wrong"),
        (("missing", "raised"), "no_answer"),
        (("right", "missing"), "partial"),
    ],
)
def test_the_status_of_a_part(words: tuple[str, str], status: str) -> None:
    one = part(2, function("f"), function("g"))
    assert scored(one, dict(zip(("f/1", "g/1"), words, strict=True))).status == status


def test_what_earns_less_than_a_cent_is_partial_still() -> None:
    answer = function("f", case("f/1", 1), case("f/2", 999))
    report = scored(part(1, answer), {"f/2": "wrong"})
    assert (report.score, report.status) == (Decimal("0.00"), "partial")


@pytest.mark.parametrize(
    ("word", "status", "credit"),
    [
        ("right", "right", 1.0),
        ("wrong", "wrong", 0.0),
        ("shape", "wrong", 0.5),
        ("raised", "no_answer", 0.0),
        ("missing", "no_answer", 0.0),
    ],
)
def test_the_report_on_a_case(word: str, status: str, credit: float) -> None:
    (found,) = scored(part(2, function("f")), {"f/1": word}).cases
    assert (found.answer, found.name, found.visibility) == ("f", "case f/1", "visible")
    assert (found.status, found.credit, found.seconds) == (status, credit, 0.25)
    assert bool(found.message) is (word != "right")


@pytest.mark.parametrize("visibility", get_args(Visibility))
def test_points_do_not_depend_on_who_may_see_a_case(visibility: str) -> None:
    one = part(2, function("f", case("f/1", visibility=visibility), case("f/2")))
    report = scored(one, {"f/1": "wrong"})
    assert report.score == 1
    assert report.cases[0].visibility == visibility


# Written answers.


def test_a_written_answer_awaits_a_person() -> None:
    report = scored(part(3, written()))
    assert (report.score, report.pending_points, report.status) == (Decimal(0), Decimal(3), "needs_review")
    (found,) = report.cases
    assert (found.answer, found.name, found.status) == ("ANSWER", "written answer", "needs_review")
    assert found.message == "A person marks this text."
    assert found.staff_message == "because\n\nLook for:\n- names the factor\n- says why"


@pytest.mark.parametrize("result", [oc.Missing(), oc.Answered(""), oc.Answered(3), oc.Answered("x" * 20_001)])
def test_a_written_answer_that_is_none_is_said_to_be(result: oc.Result) -> None:
    report = scored(part(3, written()), texts={"ANSWER": result})
    assert (report.score, report.pending_points, report.status) == (Decimal(0), Decimal(0), "no_answer")
    (found,) = report.cases
    assert found.status == "no_answer"
    assert found.message.endswith(".")
    assert found.staff_message == ""


def test_a_text_is_made_harmless_and_not_cut() -> None:
    report = scored(part(3, written()), texts={"ANSWER": oc.Answered("x" * 20_000)})
    assert report.cases[0].staff_message.startswith("x" * 20_000)
    assert report.cases[0].staff_message.endswith("says why")
    report = scored(part(3, written()), texts={"ANSWER": oc.Answered("a\nb\x1b[2J\u202e")})
    assert report.cases[0].staff_message.startswith("a\nb\\x1b[2J\\u202e\n")


@pytest.mark.parametrize(
    ("word", "earned", "status"), [("right", "1.50", "needs_review"), ("wrong", "0.00", "needs_review")]
)
def test_a_function_and_a_text_share_a_part(word: str, earned: str, status: str) -> None:
    report = scored(part(3, function("f"), written()), {"f/1": word})
    assert (str(report.score), str(report.pending_points), report.status) == (earned, "1.50", status)
    missing = scored(part(3, function("f"), written()), {"f/1": "right"}, {"ANSWER": oc.Missing()})
    assert (str(missing.score), str(missing.pending_points), missing.status) == ("1.50", "0.00", "partial")


@pytest.mark.parametrize("points", ["0.01", "0.03", "0.05", "1", "2.35"])
def test_earned_and_pending_points_together_are_the_parts(points: str) -> None:
    # Rounded one by one, a half of 0.05 and the other half would be 0.06.
    report = scored(part(Fraction(points), function("f"), written()))
    assert report.score + report.pending_points == report.max_score == Decimal(points)


# What goes into judging.


def test_every_case_has_its_own_terms() -> None:
    paper = plan(part(2, function("f", case("f/1"), case("f/2"))))
    made = key(paper)
    loose = replace(made.expectations[1], rtol=0.5)
    nan = replace(made.expectations[1], value=float("nan"), nonfinite=True)
    for second, result, earned in ((loose, 1.4, 1), (nan, float("nan"), 1), (loose, float("nan"), 0)):
        results: dict[str, oc.Result] = {"f/1": oc.Answered(1.4), "f/2": oc.Answered(result)}
        (report,) = score(
            paper, replace(made, expectations=(made.expectations[0], second)), sitting(paper, results)
        )
        assert report.score == earned


def test_the_shape_credit_is_the_keys() -> None:
    paper = plan(part(2, function("f")))
    for credit, earned in ((0, "0.00"), (Fraction(1, 3), "0.67"), (1, "2.00")):
        (report,) = score(paper, key(paper, credit), sitting(paper, {"f/1": SHAPE}))
        assert str(report.score) == earned


def test_an_argument_that_must_stay_as_it_was() -> None:
    theta = np.array([1.0, 2.0])
    asked = replace(case("f/1"), call=Call("f", (0.5, theta), observe=(1,)))
    paper = plan(part(2, function("f", asked)))
    made = key(paper, unchanged=("theta",))
    for after, earned in ((theta.copy(), 2), (theta + 1, 0)):
        (report,) = score(paper, made, sitting(paper, {"f/1": oc.Answered(1.0, (after,))}))
        assert report.score == earned
    assert "`theta`" in report.cases[0].message


def test_a_hint_is_the_keys() -> None:
    paper = plan(part(2, function("f")))
    (report,) = score(paper, key(paper, hint="think"), sitting(paper, {"f/1": WRONG}))
    assert report.cases[0].message.endswith("Hint: think.")


def test_a_wrong_function_names_the_wrong_ones_that_it_calls() -> None:
    paper = plan(
        part(1, function("softplus"), part_id="1"),
        part(1, function("sigmoid"), part_id="2"),
        part(1, function("loss"), part_id="3"),
        part(1, function("alone"), part_id="4"),
    )
    results: dict[str, oc.Result] = {"softplus/1": WRONG, "loss/1": WRONG, "alone/1": RAISED}
    sat = sitting(paper, results, loss=("helper", "sigmoid"), helper=("softplus", "LEAK"), alone=("sigmoid",))
    messages = {item.id: item.cases[0].message for item in score(paper, key(paper), sat)}
    assert messages["3"].endswith("It calls your `softplus`, which is wrong too: begin there.")
    assert "It calls" not in messages["1"] + messages["4"]
    assert messages["2"] == ""
    assert "LEAK" not in "".join(messages.values())


def test_a_function_that_is_wrong_in_one_case_is_a_wrong_one() -> None:
    paper = plan(
        part(1, function("g", case("g/1"), case("g/2")), part_id="1"), part(1, function("f"), part_id="2")
    )
    sat = sitting(paper, {"g/2": WRONG, "f/1": WRONG}, f=("g",))
    assert "It calls your `g`" in score(paper, key(paper), sat)[1].cases[0].message


def test_a_function_with_the_right_values_in_a_wrong_shape_is_a_wrong_one() -> None:
    paper = plan(part(1, function("g"), part_id="1"), part(1, function("f"), part_id="2"))
    sat = sitting(paper, {"g/1": SHAPE, "f/1": SHAPE}, f=("g",))
    assert "It calls your `g`" in score(paper, key(paper), sat)[1].cases[0].message


# Papers and keys.


def test_parts_keep_the_order_of_the_paper() -> None:
    first = Question("1", "First", (part(1, function("f"), part_id="1A"), part(2, function("g"), part_id="1B")))
    second = Question("2", "Second", (part(3, written(), part_id="2A"),))
    paper = replace(plan(), questions=(first, second))
    reports = score(paper, key(paper), sitting(paper, {}))
    assert [(report.question, report.id) for report in reports] == [("1", "1A"), ("1", "1B"), ("2", "2A")]


def test_a_selection_of_the_parts_can_be_scored_with_the_whole_key() -> None:
    one, other = part(1, function("f"), part_id="1A"), part(2, function("g"), part_id="1B")
    paper = plan(other)
    (report,) = score(paper, key(plan(one, other)), sitting(paper, {}))
    assert (report.id, report.score) == ("1B", Decimal(2))


def test_a_key_of_another_plan_is_refused() -> None:
    paper = plan(part(1, function("f")))
    with pytest.raises(KeyError):
        score(paper, key(plan(part(1, function("g")))), sitting(paper, {}))


def test_a_submission_of_which_nothing_could_be_asked_has_no_answers() -> None:
    paper = plan(part(1, function("f"), part_id="1A"), part(2, written(), part_id="1B"))
    sat = blank(paper, "your file is not readable as Python")
    assert sat.loading == oc.Unreadable("your file is not readable as Python")
    first, second = score(paper, key(paper), sat)
    assert (first.status, second.status) == ("no_answer", "no_answer")
    assert first.score == second.score == second.pending_points == 0
    assert first.cases[0].message == "f(3.5): `f` was not called: your file is not readable as Python."
    assert second.cases[0].message == "The text `ANSWER` could not be read."


def test_an_object_that_did_not_travel_scores_nothing() -> None:
    paper = plan(part(2, function("f")))
    (report,) = score(paper, key(paper), sitting(paper, {"f/1": oc.Answered(Opaque("submission.Yes"))}))
    assert report.score == 0
    assert report.status == "wrong"
