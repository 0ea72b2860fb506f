from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import outcome as oc
from grader.feedback import load_messages
from grader.judge.checks import Check, Equals, Leaves, Variant
from grader.key import Expectation, Key
from grader.plan import Call, Case, FunctionAnswer, Limits, Part, PartAnswer, Plan, Question, WrittenAnswer
from grader.report import FileReport, PartReport, Provenance, Report, SubmissionReport, for_student, points
from grader.rubric import Visibility
from grader.score import score
from grader.wire import Opaque, Value, decode, encode

VISIBILITIES = get_args(Visibility)
LIMITS = Limits(2, 20, 60, 1024)

# Points.


@given(st.fractions(0, 100_000) | st.integers(0, 10**7).map(lambda cents: Fraction(2 * cents + 1, 200)))
@settings(max_examples=300)
def test_points_are_the_nearest_cent_and_halves_go_up(exact: Fraction) -> None:
    rounded = points(exact)
    distance = Fraction(rounded) - exact
    assert Fraction(-1, 200) < distance <= Fraction(1, 200)
    assert rounded.as_tuple().exponent == -2
    # As JSON has it, and every other reader of it.
    assert Decimal(repr(float(rounded))) == rounded


# Scores.


def expectation(case_id: str, value: Any, *checks: Check, hint: str = "") -> Expectation:
    return Expectation(case_id, (Equals((Variant("", value),)), *checks), "return", 1e-6, 1e-9, False, hint)


CREDITS: dict[str, tuple[oc.Result, Fraction]] = {
    "right": (oc.Answered(1.0), Fraction(1)),
    "shape": (oc.Answered([1.0]), Fraction(1, 2)),
    "wrong": (oc.Answered(2.0), Fraction(0)),
    "raised": (oc.Raised("ValueError", "x"), Fraction(0)),
    "missing": (oc.Missing(), Fraction(0)),
}


@dataclass
class Exam:
    """A drawn paper with its key, and what was answered by case or variable."""

    plan: Plan
    words: dict[str, str]

    def reports(self, changed: str = "") -> tuple[PartReport, ...]:
        words = {name: "right" if name == changed else word for name, word in self.words.items()}
        outcomes: dict[str, tuple[oc.Outcome, ...]] = {
            case.id: (oc.Outcome(CREDITS[words[case.id]][0]),) for case in self.plan.cases()
        }
        texts = {
            name: oc.Outcome(oc.Answered("because") if words[name] == "right" else oc.Missing())
            for name in self.plan.variables()
        }
        items = tuple(expectation(case.id, 1.0) for case in self.plan.cases())
        key = Key(self.plan.digest, "", Fraction(1, 2), items)
        return score(self.plan, key, oc.Sitting(oc.Loaded(), 0.0, "", outcomes, texts))

    def credit(self, answer: PartAnswer) -> Fraction:
        """Return a function's credit by the rubric's words."""
        if isinstance(answer, WrittenAnswer):
            return Fraction(0)
        earned = [CREDITS[self.words[case.id]][1] for case in answer.cases]
        lost = [case for case, credit in zip(answer.cases, earned, strict=True) if case.essential and credit == 0]
        if lost:
            return Fraction(0)
        if answer.scoring == "all":
            return min(earned)
        weights = [case.weight for case in answer.cases]
        return sum((w * c for w, c in zip(weights, earned, strict=True)), Fraction(0)) / sum(weights)


@st.composite
def exams(draw: st.DrawFn) -> Exam:
    cents = st.integers(0, 1000).map(lambda number: Fraction(number, 100))
    weights = st.integers(1, 500).map(lambda number: Fraction(number, 100))
    parts, words = [], {}
    for number in range(draw(st.integers(1, 3))):
        answers: list[PartAnswer] = []
        for position in range(draw(st.integers(1, 3))):
            name = f"f{number}{position}"
            if draw(st.integers(0, 4)) == 0:
                words[name.upper()] = draw(st.sampled_from(["right", "missing"]))
                answers.append(WrittenAnswer(name.upper(), ()))
                continue
            cases = tuple(
                Case(
                    f"{name}/{index}",
                    "case",
                    draw(st.sampled_from(VISIBILITIES)),
                    draw(weights),
                    essential=draw(st.integers(0, 3)) == 0,
                    calls=(Call(name, ()),),
                )
                for index in range(draw(st.integers(1, 3)))
            )
            words.update({case.id: draw(st.sampled_from(list(CREDITS))) for case in cases})
            answers.append(FunctionAnswer(name, (), draw(st.sampled_from(["weighted", "all"])), cases))
        parts.append(Part(f"1{number}", "Part", draw(cents), tuple(answers)))
    return Exam(Plan("hw", "Homework", "", LIMITS, (Question("1", "First", tuple(parts)),)), words)


@given(exams())
@settings(max_examples=200)
def test_a_part_earns_its_answers_share_rounded_once(exam: Exam) -> None:
    for part, report in zip(exam.plan.parts(), exam.reports(), strict=True):
        exact = part.points * sum(map(exam.credit, part.answers)) / len(part.answers)
        assert Fraction(report.score) == Fraction(math.floor(exact * 100 + Fraction(1, 2)), 100)
        written = [answer for answer in part.answers if isinstance(answer, WrittenAnswer)]
        given_ = sum(exam.words[answer.variable] == "right" for answer in written)
        assert abs(Fraction(report.pending_points) - part.points * given_ / len(part.answers)) <= Fraction(1, 100)


@given(exams())
@settings(max_examples=100)
def test_points_stay_within_the_parts(exam: Exam) -> None:
    for part, report in zip(exam.plan.parts(), exam.reports(), strict=True):
        assert Fraction(report.max_score) == part.points
        assert report.score >= 0
        assert report.pending_points >= 0
        assert report.score + report.pending_points <= report.max_score
        content = json.loads(report.model_dump_json())
        for field in ("score", "max_score", "pending_points"):
            assert len(repr(content[field]).partition(".")[2]) <= 2


@given(exams(), st.data())
@settings(max_examples=100)
def test_one_more_right_answer_never_costs_points(exam: Exam, data: st.DataObject) -> None:
    better = data.draw(st.sampled_from(sorted(exam.words)))
    for before, after in zip(exam.reports(), exam.reports(better), strict=True):
        assert after.score >= before.score
        assert after.score + after.pending_points >= before.score + before.pending_points


@given(exams())
@settings(max_examples=100)
def test_the_status_follows_from_the_cases(exam: Exam) -> None:
    for part, report in zip(exam.plan.parts(), exam.reports(), strict=True):
        statuses = {case.status for case in report.cases}
        credits_ = [exam.credit(answer) for answer in part.answers]
        assert (report.status == "needs_review") is ("needs_review" in statuses)
        if report.status != "needs_review":
            assert (report.status == "right") is (statuses == {"right"})
            assert (report.status == "partial") is (any(credits_) and statuses != {"right"})
        if report.status == "no_answer":
            assert statuses == {"no_answer"}


# What a student is told about a case that is not visible.

# Ten numbers with digits of their own: inputs, expected values, and answers that repeat them.
NUMBERS = [7391.25, 4862.5, 0.8357125, 59173.0, 6428.75, 2947.5, 83146.5, 0.0017395, 1.9264e-7, 37518.25]
DIGITS = ["7391", "4862", "8357", "5917", "6428", "2947", "8314", "1739", "1926", "3751"]
SECRETS = st.sampled_from(NUMBERS)
MARKED = st.sampled_from(
    ["LEAK", "x = LEAK", "LEAK\nLEAK", "generatorLEAK", "LEAK\x1b[31m\u202e\x00", "0xdeadbeefLEAK"]
)
SHAPES = st.sampled_from([(), (1,), (4,), (4, 1), (1, 4), (2, 2)])


def _array(numbers: list[float], shape: tuple[int, ...]) -> Any:
    return np.resize(np.array(numbers), shape)


ARRAYS = st.builds(_array, st.lists(SECRETS, min_size=1, max_size=4), SHAPES)
VALUES = st.recursive(
    SECRETS | SECRETS.map(int) | ARRAYS | MARKED | st.booleans() | SECRETS.map(lambda number: number * 1j),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(MARKED, inner, min_size=1, max_size=2)
    ),
    max_leaves=4,
)
ANSWERS = (
    VALUES
    | st.none()
    | MARKED.map(Opaque)
    | st.sampled_from([math.nan, math.inf, np.array([math.nan, NUMBERS[0]]), 10**400])
    | ARRAYS.map(lambda array: array + 1e-3j)
)
RESULTS = st.one_of(
    st.builds(oc.Answered, ANSWERS, st.lists(ANSWERS, max_size=2).map(tuple)),
    st.builds(oc.Raised, MARKED, MARKED, st.sampled_from([0, 7391]), MARKED, MARKED),
    st.builds(oc.WrongSignature, MARKED),
    st.builds(oc.Missing, st.lists(MARKED | st.just("F"), max_size=3).map(tuple), MARKED | st.just("")),
    st.builds(oc.NotCallable, MARKED),
    st.builds(oc.Unsendable, MARKED),
    st.builds(oc.Crashed, MARKED),
    st.builds(oc.Garbled, MARKED),
    st.sampled_from([oc.OutOfMemory(), oc.TimedOut(2.0)]),
)
EVERY_KIND = get_args(oc.Result)


def received(value: Any) -> Value:
    return decode(encode(value))


def exam_of(expected: list[Any], inputs: list[Any], visibility: Any) -> tuple[Plan, Key]:
    """Return a paper with one function for each expected value, whose case is of one visibility."""
    answers = tuple(
        FunctionAnswer(
            name,
            ("x", "theta"),
            "weighted",
            (
                Case(
                    f"1A/{name}/1", "case 1", visibility, Fraction(1), False, (Call(name, (given_, given_), (1,)),)
                ),
            ),
        )
        for name, given_ in zip("fgh", inputs, strict=False)
    )
    plan = Plan(
        "hw", "Homework", "", LIMITS, (Question("1", "First", (Part("1A", "Part", Fraction(3), answers),)),)
    )
    items = tuple(
        expectation(case.id, value, Leaves(("theta",)), hint="think again")
        for case, value in zip(plan.cases(), expected, strict=False)
    )
    return plan, Key("", "", Fraction(1, 2), items)


def student_report(plan: Plan, key: Key, results: list[oc.Result]) -> Report:
    outcomes: dict[str, tuple[oc.Outcome, ...]] = {
        case.id: (oc.Outcome(result, 0.7391, "LEAK 7391.25"),)
        for case, result in zip(plan.cases(), results, strict=False)
    }
    uses = {"f": ("LEAK", "g"), "g": ("h", "LEAK"), "LEAK": ("f",)}
    sitting = oc.Sitting(oc.Loaded(uses=uses), 0.7391, "LEAK", outcomes, {})
    parts = score(plan, key, sitting)
    report = Report(
        status="graded",
        assignment="hw",
        title="Homework",
        submission=SubmissionReport(id="ann", files=(FileReport(name="ann.py", sha256="ab", bytes=3),)),
        score=parts[0].score,
        max_score=parts[0].max_score,
        pending_points=parts[0].pending_points,
        messages=tuple(load_messages(sitting.loading)),
        staff_messages=("LEAK",),
        parts=parts,
        isolation={},
        provenance=Provenance(plan="", key="", rubric="", reference="", grader="", python="", numpy=""),
        graded_at="",
        seconds=3 * 0.7391,
    )
    return for_student(report)


def leaks(text: str) -> Iterator[str]:
    yield from (secret for secret in ("LEAK", *DIGITS) if secret in text)


@given(
    st.lists(VALUES, min_size=3, max_size=3),
    st.lists(VALUES, min_size=3, max_size=3),
    st.lists(RESULTS, min_size=3, max_size=3),
    st.sampled_from([word for word in VISIBILITIES if word != "visible"]),
)
@settings(max_examples=300)
def test_a_case_that_is_not_visible_gives_nothing_away(
    expected: list[Any], inputs: list[Any], results: list[oc.Result], visibility: str
) -> None:
    plan, key = exam_of(received(expected), received(inputs), visibility)
    report = student_report(plan, key, results)
    for case in report.parts[0].cases:
        assert not list(leaks(case.message)), case.message
        assert case.message.isprintable()
        assert case.status == "right" or case.message
    assert not list(leaks(report.to_json()))


@given(st.lists(VALUES, min_size=1, max_size=1), st.lists(VALUES, min_size=1, max_size=1), RESULTS)
@settings(max_examples=200)
def test_nothing_that_moves_a_cursor_survives_in_a_visible_case(
    expected: list[Any], inputs: list[Any], result: oc.Result
) -> None:
    plan, key = exam_of(received(expected), received(inputs), "visible")
    for case in score(
        plan, key, oc.Sitting(oc.Loaded(), 0, "", {"1A/f/1": (oc.Outcome(result, 0, "\x1b[2J"),)}, {})
    )[0].cases:
        assert case.message.isprintable()
        assert case.staff_message.replace("\n", "").isprintable()


def test_a_visible_case_gives_all_of_it() -> None:
    plan, key = exam_of([NUMBERS[1]] * 3, [NUMBERS[0]] * 3, "visible")
    results: list[oc.Result] = [
        oc.Answered(NUMBERS[3]),
        oc.Raised("LEAK", "LEAK", 3, "LEAK"),
        oc.NotCallable("LEAK"),
    ]
    first, second, third = (case.message for case in student_report(plan, key, results).parts[0].cases)
    assert "f(7391.25, 7391.25): the value is wrong: expected 4862.5, got 59173.0" in first
    assert "LEAK: LEAK in line 3: `LEAK`" in second
    assert "LEAK" in third


def test_every_kind_of_outcome_is_among_the_drawn_ones_but_those_that_were_never_asked() -> None:
    drawn: set[type] = set()

    @given(RESULTS)
    @settings(max_examples=200, database=None)
    def collect(result: oc.Result) -> None:
        drawn.add(type(result))

    collect()
    # The reason why a call was not made is the grader's own.
    assert drawn == set(EVERY_KIND) - {oc.NotAsked}
