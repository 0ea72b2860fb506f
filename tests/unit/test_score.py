from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal, get_args

import numpy as np
import pytest

from grader import outcome as oc
from grader.evidence import blank
from grader.judge.checks import Check, Checked, Equals, Leaves, Variant
from grader.key import Expectation, Key, Mistake, Trace
from grader.plan import Call, Case, FunctionAnswer, Limits, Part, PartAnswer, Plan, Question, WrittenAnswer
from grader.report import FindingReport, PartReport
from grader.rubric import Visibility
from grader.score import Marking, score
from grader.sheets import Sheets
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
    return Case(case_id, f"case {case_id}", visibility, Fraction(weight), essential, (call,))


def function(name: str, *cases: Case, scoring: Literal["weighted", "all"] = "weighted") -> FunctionAnswer:
    return FunctionAnswer(name, ("x",), scoring, cases or (case(f"{name}/1"),))


def written(name: str = "ANSWER") -> WrittenAnswer:
    return WrittenAnswer(name, ("names the factor", "says why"))


def part(points: Any, *answers: PartAnswer, part_id: str = "1A") -> Part:
    return Part(part_id, f"Part {part_id}", Fraction(points), answers)


def plan(*parts: Part) -> Plan:
    return Plan("hw", "Homework", "digest", Limits(2, 20, 60, 1024), (Question("1", "First", parts),))


def expectation(case_id: str, *checks: Check) -> Expectation:
    return Expectation(case_id, (equals(1.0), *checks), "return", 1e-6, 1e-9, False, "")


def equals(value: Any) -> Equals:
    return Equals((Variant("", value),))


def key(of: Plan, shape_credit: Any = Fraction(1, 2), **fields: Any) -> Key:
    items = tuple(replace(expectation(item.id), **fields) for item in of.cases())
    return Key(of.digest, "reference", Fraction(shape_credit), items)


def sitting(
    of: Plan, results: dict[str, oc.Result], texts: dict[str, Any] | None = None, **uses: Any
) -> oc.Sitting:
    outcomes: dict[str, tuple[oc.Outcome, ...]] = {
        item.id: (oc.Outcome(results.get(item.id, RIGHT), 0.25),) for item in of.cases()
    }
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
    nan = replace(made.expectations[1], checks=(equals(float("nan")),), nonfinite=True)
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
    asked = replace(case("f/1"), calls=(Call("f", (0.5, theta), observe=(1,)),))
    paper = plan(part(2, replace(function("f", asked), parameters=("x", "theta"))))
    made = key(paper, checks=(equals(1.0), Leaves(("theta",))))
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


def test_the_second_of_a_class_that_is_right_has_its_own_seconds_in_the_first_ones_report() -> None:
    paper = plan(part(2, function("f")))
    made = key(paper)
    sheets = Sheets(paper, made)
    first, second = sitting(paper, {}), sitting(paper, {})
    second = replace(second, outcomes={"f/1": (oc.Outcome(RIGHT, 0.5),)})
    (one,) = Marking(paper, made, first, sheets).parts()
    (other,) = Marking(paper, made, second, sheets).parts()
    assert (one.cases[0].seconds, other.cases[0].seconds) == (0.25, 0.5)
    assert other.model_copy(update={"cases": one.cases}) == one == score(paper, made, first)[0]


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


# What is wrong with a function as a whole.


def mistake(name: str, answer: str, *answers: Any, credit: Any = 0, part_id: str = "1A") -> Mistake:
    """Return one that gives `answers` in the function's cases, of which 1.0 is right."""
    traces = tuple(Trace(f"{answer}/{n}", (value,), value != 1.0) for n, value in enumerate(answers, 1))
    return Mistake(part_id, answer, name, f"mind the {name}", Fraction(credit), traces)


def with_mistakes(one: Part, results: dict[str, oc.Result], *mistakes: Mistake) -> PartReport:
    paper = plan(one)
    (report,) = score(paper, replace(key(paper), mistakes=mistakes), sitting(paper, results))
    return report


class TestKnownMistakes:
    PART = part(4, function("f", case("f/1"), case("f/2", visibility="hidden")))
    TWO = mistake("factor", "f", 2.0, 2.0, credit=Fraction(1, 4))

    def test_one_is_named_and_earns_its_credit(self) -> None:
        report = with_mistakes(self.PART, {"f/1": WRONG, "f/2": WRONG}, self.TWO)
        assert report.findings == (
            FindingReport(answer="f", kind="mistake", name="factor", message="Mind the factor."),
        )
        assert (report.score, report.status) == (Decimal(1), "partial")
        assert [case.credit for case in report.cases] == [0, 0]

    def test_what_the_cases_earn_stands_when_it_is_more(self) -> None:
        report = with_mistakes(self.PART, {"f/2": WRONG}, mistake("n", "f", 1.0, 2.0, credit=Fraction(1, 4)))
        assert [item.name for item in report.findings] == ["n"]
        assert report.score == 2

    def test_it_earns_nothing_where_an_answer_is_missing(self) -> None:
        report = with_mistakes(self.PART, {"f/1": WRONG, "f/2": RAISED}, self.TWO)
        assert [item.name for item in report.findings] == ["factor"]
        assert (report.score, report.status) == (Decimal(0), "wrong")

    def test_it_is_the_function_s_and_the_part_s_own(self) -> None:
        for other in (mistake("n", "g", 2.0, 2.0, credit=1), mistake("n", "f", 2.0, 2.0, part_id="9")):
            report = with_mistakes(self.PART, {"f/1": WRONG, "f/2": WRONG}, other)
            assert "mistake" not in {item.kind for item in report.findings}
            assert report.score == 0

    def test_a_right_function_has_none(self) -> None:
        assert with_mistakes(self.PART, {}, self.TWO).findings == ()

    def test_of_several_functions_each_has_its_own(self) -> None:
        one = part(4, function("f"), function("g"), written())
        both = (mistake("n", "f", 2.0, credit=Fraction(1, 2)), mistake("m", "g", 2.0))
        report = with_mistakes(one, {"f/1": WRONG, "g/1": WRONG}, *both)
        assert [(item.answer, item.name) for item in report.findings] == [("f", "n"), ("g", "m")]
        assert str(report.score) == "0.67"
        assert str(report.pending_points) == "1.33"

    def test_one_that_comes_of_a_wrong_helper_is_not_the_function_s(self) -> None:
        paper = plan(part(1, function("g"), part_id="1"), part(1, function("f"), part_id="2"))
        known = mistake("n", "f", 2.0, part_id="2")
        made = replace(key(paper), mistakes=(known,))
        wrong: dict[str, oc.Result] = {"g/1": oc.Answered(5.5), "f/1": WRONG}
        _, second = score(paper, made, sitting(paper, wrong, f=("g",)))
        assert second.findings == ()
        _, second = score(paper, made, sitting(paper, wrong))
        assert [item.name for item in second.findings] == ["n"]


def test_a_diagnosis_earns_nothing() -> None:
    report = scored(
        part(4, function("f", *(case(f"f/{n}") for n in range(1, 5)))), {f"f/{n}": "wrong" for n in range(1, 5)}
    )
    for item in report.findings:
        assert (item.answer, item.name) == ("f", "")
        assert item.kind != "mistake"
    assert report.score == 0


# Points that wait for a person.

FAILING = Checked("c.py", "f", "def f(answer, args): raise ValueError")


@pytest.mark.parametrize(
    ("second", "earned", "pending"),
    [("right", "2.00", "2.00"), ("wrong", "0.00", "2.00"), ("shape", "1.00", "2.00")],
)
def test_a_check_of_the_course_s_that_fails_leaves_its_points_open(second: str, earned: str, pending: str) -> None:
    paper = plan(part(4, function("f", case("f/1"), case("f/2"))))
    made = key(paper)
    first = replace(made.expectations[0], checks=(FAILING,))
    made = replace(made, expectations=(first, made.expectations[1]))
    (report,) = score(paper, made, sitting(paper, {"f/2": RESULTS[second]}))
    assert (str(report.score), str(report.pending_points), report.status) == (earned, pending, "needs_review")
    assert (report.cases[0].status, report.cases[0].message) == ("needs_review", "")
    assert "a person must look" in report.cases[0].staff_message


@pytest.mark.parametrize("scoring", ["weighted", "all"])
def test_an_open_case_may_be_the_essential_one(scoring: Any) -> None:
    paper = plan(part(4, function("f", case("f/1", essential=True), case("f/2"), scoring=scoring)))
    made = key(paper)
    first = replace(made.expectations[0], checks=(FAILING,))
    made = replace(made, expectations=(first, made.expectations[1]))
    (report,) = score(paper, made, sitting(paper, {}))
    assert (str(report.score), str(report.pending_points)) == ("0.00", "4.00")


def test_a_case_that_a_person_must_look_at_makes_no_function_a_wrong_one() -> None:
    paper = plan(part(1, function("g"), part_id="1"), part(1, function("f"), part_id="2"))
    made = key(paper)
    made = replace(made, expectations=(replace(made.expectations[0], checks=(FAILING,)), made.expectations[1]))
    _, second = score(paper, made, sitting(paper, {"f/1": WRONG}, f=("g",)))
    assert "It calls" not in second.cases[0].message


# Follow-through.


def using(points: Any, *answers: PartAnswer, most: Any = Fraction(4, 5)) -> Part:
    return replace(part(points, *answers, part_id="2"), uses=("g",), follow_through=Fraction(most))


class TestFollowThrough:
    HELPERS: Final = {"g": "def g(x):\n    return x"}

    def _paper(self, later: Part) -> Plan:
        return replace(plan(part(1, function("g"), part_id="1"), later), helpers=self.HELPERS)

    def _followed(self, later: Part, first: dict[str, oc.Result], second: dict[str, oc.Result]) -> PartReport:
        paper = self._paper(later)
        made = key(paper)
        marking = Marking(paper, made, sitting(paper, {"g/1": MISSING, **first}))
        (asked,) = marking.again()
        assert asked.lent == self.HELPERS
        again = Marking(asked.plan, made, sitting(asked.plan, second))
        return marking.parts([again])[1]

    def test_with_a_right_helper_it_earns_up_to_the_cap(self) -> None:
        report = self._followed(using(10, function("f")), {"f/1": WRONG}, {})
        assert (report.score, report.status) == (Decimal(8), "partial")
        (finding,) = report.findings
        assert (finding.answer, finding.kind, finding.name) == ("", "follow_through", "")
        assert finding.message == (
            "This part was also run with a right `g` in place of yours: that earns it 8 points."
        )

    def test_nothing_of_the_second_sitting_is_shown(self) -> None:
        later = using(10, function("f", case("f/1"), case("f/2", visibility="hidden")))
        secret = oc.Answered(73.91)
        report = self._followed(later, {"f/1": WRONG, "f/2": WRONG}, {"f/2": secret})
        assert report.score == 5
        assert "73.91" not in report.model_dump_json()
        assert [case.status for case in report.cases] == ["wrong", "wrong"]

    def test_the_better_mark_stands(self) -> None:
        later = using(10, function("f", case("f/1"), case("f/2")))
        report = self._followed(later, {"f/1": WRONG}, {"f/1": WRONG, "f/2": WRONG})
        assert (report.score, report.findings) == (Decimal(5), ())
        report = self._followed(later, {"f/1": WRONG}, {"f/2": WRONG})
        assert (report.score, report.findings) == (Decimal(5), ())

    @pytest.mark.parametrize(("most", "earned"), [(0, 0), (Fraction(1, 3), "3.33"), (1, 10)])
    def test_the_cap_is_the_part_s(self, most: Any, earned: Any) -> None:
        report = self._followed(using(10, function("f"), most=most), {"f/1": WRONG}, {})
        assert report.score == Decimal(earned)
        assert bool(report.findings) is bool(most)

    def test_a_part_that_fails_for_its_own_reasons_gains_nothing(self) -> None:
        report = self._followed(using(10, function("f")), {"f/1": WRONG}, {"f/1": WRONG})
        assert (report.score, report.status) == (Decimal(0), "wrong")
        assert "follow_through" not in {item.kind for item in report.findings}

    def test_a_text_beside_the_function_keeps_its_own_share(self) -> None:
        report = self._followed(using(10, function("f"), written()), {"f/1": WRONG}, {})
        assert (report.score, report.pending_points) == (Decimal(4), Decimal(5))
        assert report.status == "needs_review"

    def test_what_is_earned_and_what_is_open_are_no_more_than_the_part_s(self) -> None:
        later = using(10, function("f"), written(), most=1)
        report = self._followed(later, {"f/1": SHAPE}, {})
        assert (report.score, report.pending_points) == (Decimal(5), Decimal(5))

    @pytest.mark.parametrize(
        ("helper", "later", "asked"),
        [
            ("wrong", "wrong", True),
            ("missing", "missing", True),
            ("raised", "shape", True),
            ("shape", "wrong", True),
            ("right", "wrong", False),
            ("wrong", "right", False),
        ],
    )
    def test_there_is_a_second_sitting_only_when_it_can_help(self, helper: str, later: str, asked: bool) -> None:
        paper = self._paper(using(10, function("f"), written()))
        marking = Marking(paper, key(paper), sitting(paper, {"g/1": RESULTS[helper], "f/1": RESULTS[later]}))
        assert [part.id for again in marking.again() for part in again.plan.parts()] == ["2"] * asked

    def test_a_helper_that_was_never_asked_is_not_a_wrong_one(self) -> None:
        paper = self._paper(using(10, function("f")))
        results: dict[str, oc.Result] = {"g/1": oc.NotAsked("time"), "f/1": WRONG}
        assert Marking(paper, key(paper), sitting(paper, results)).again() == []

    def test_nor_is_there_one_for_a_helper_that_stays_at_home_or_a_part_without_points(self) -> None:
        for paper in (
            replace(self._paper(using(10, function("f"))), helpers={}),
            self._paper(using(0, function("f"))),
            self._paper(replace(using(10, function("f")), uses=())),
        ):
            results: dict[str, oc.Result] = {"g/1": WRONG, "f/1": WRONG}
            assert Marking(paper, key(paper), sitting(paper, results)).again() == []

    def test_a_known_mistake_s_credit_counts_in_both_sittings(self) -> None:
        paper = self._paper(using(10, function("f")))
        made = replace(key(paper), mistakes=(mistake("n", "f", 2.0, credit=Fraction(3, 5), part_id="2"),))
        for first, second, earned in ((WRONG, RAISED, 6), (RAISED, WRONG, 6), (RAISED, RIGHT, 8)):
            marking = Marking(paper, made, sitting(paper, {"g/1": WRONG, "f/1": first}))
            (asked,) = marking.again()
            report = marking.parts([Marking(asked.plan, made, sitting(asked.plan, {"f/1": second}))])[1]
            assert report.score == earned
