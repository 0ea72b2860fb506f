"""Whatever comes off the wire, no check raises: a hostile answer costs its own case only."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from test_judge_properties import OURS, THEIRS, nested, received

from grader import outcome as oc
from grader.findings import Judged, find
from grader.judge import NeedsReview, NoAnswer, Question, Right, Terms, Wrong, judge_answer
from grader.judge import checks as ch
from grader.judge.likeness import alike
from grader.judge.printed import compare_printed
from grader.judge.properties import View, holds
from grader.key import Mistake, Trace
from grader.plan import Call, Case, Earlier
from grader.transforms import Transform

TERMS = Terms(rtol=1e-6, atol=1e-9, shape_credit=Fraction(1, 2))
# Numbers in any arrangement, which get past the first look, and anything else.
ROWS = st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(st.floats(), min_size=n, max_size=n), max_size=3))
ARRAYS = hnp.arrays(np.float64, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
ANSWERS = st.floats() | ROWS | ARRAYS | nested(THEIRS)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
AXES = st.integers(-4, 4)
TRANSFORMS = st.one_of(
    st.builds(Transform, st.just("permute"), st.lists(st.integers(0, 3), max_size=3), AXES),
    st.builds(Transform, st.just("reverse"), st.just(True), AXES),
    st.builds(Transform, st.sampled_from(["scale", "shift"]), NUMBERS),
    st.builds(Transform, st.sampled_from(["transpose", "same"])),
)
CHECKS = st.one_of(
    st.builds(ch.SameResult, st.just((1, 2))),
    st.builds(ch.Equivariant, st.just(1), st.just("x"), TRANSFORMS),
    st.builds(ch.Joins, st.just((1, 2)), st.sampled_from(["concatenate", "sum", "mean"]), st.just((1, 2))),
    st.builds(ch.SumsTo, NUMBERS, st.none() | AXES),
    st.builds(ch.Within, NUMBERS, NUMBERS),
    st.builds(ch.Holds, st.sampled_from(["positive", "finite", "integer", "symmetric"])),
    st.builds(ch.HasShape, st.lists(st.integers(0, 3), max_size=3).map(tuple)),
    st.builds(ch.Monotone, st.sampled_from(["increasing", "decreasing", "nondecreasing", "nonincreasing"]), AXES),
    st.builds(ch.Recovers, st.just(1), st.just("x"), ROWS),
    st.builds(ch.Differentiates, st.just((1, 2)), st.just("g"), st.just((1,)), st.floats(1e-300, 1)),
    st.builds(ch.Agrees, st.just(1)),
    st.builds(ch.Leaves, st.just(("x",))),
)


@given(CHECKS, st.lists(ANSWERS, min_size=3, max_size=3), ANSWERS)
@settings(max_examples=800)
@pytest.mark.filterwarnings("error")
def test_every_check_of_any_answers_holds_or_says_why_not(check: ch.Check, answers: list[Any], after: Any) -> None:
    calls = [Call("f", (1.0,)), Call("g", (Earlier(0),)), Call("f", (2.0,))]
    view = View(calls, received(answers), {"x": 1.0}, {"x": received(after)}, TERMS)
    verdict = holds(check, view)
    if isinstance(verdict, Wrong):
        assert verdict.reason
        assert "LEAK" not in verdict.reason
        assert not any(char.isdigit() for char in verdict.reason.replace(f"axis {getattr(check, 'axis', '')}", ""))


@given(CHECKS, ROWS | ARRAYS)
@settings(max_examples=300)
def test_an_answer_that_is_always_the_same_has_the_properties_of_sameness(check: ch.Check, answer: Any) -> None:
    value = received(answer)
    finite = bool(np.isfinite(np.asarray(value, dtype=float)).all())
    calls = [Call("f", (1.0,))] * 3
    for wanted in (ch.SameResult((1, 2)), ch.Agrees(1), ch.Equivariant(1, "x", Transform("same"))):
        verdict = holds(wanted, View(calls, [value] * 3, {}, {}, TERMS))
        assert isinstance(verdict, Right) is finite


RESULTS = ANSWERS.map(lambda value: oc.Answered(received(value), (received(value),))) | st.sampled_from(
    [oc.Missing(), oc.Raised("E", "x"), oc.NotAsked("so"), oc.OutOfMemory(), oc.Unsendable("deep")]
)
OBSERVED = st.sampled_from(["return", "printed", ("x",)])


def question(check: ch.Check, expected: Any, observe: Any) -> Question:
    calls = (Call("f", (1.0,), (0,)), Call("g", (Earlier(0),)), Call("f", (2.0,), (0,)))
    due = {"x": expected} if isinstance(observe, tuple) else expected
    return Question("f(x)", ("x",), calls, (check, ch.Equals((ch.Variant("", due),))), TERMS, observe)


@given(CHECKS, nested(OURS), OBSERVED, st.lists(RESULTS, min_size=3, max_size=3), st.text(max_size=9))
@settings(max_examples=600)
def test_any_outcomes_of_any_question_are_judged(
    check: ch.Check, expected: Any, observe: Any, results: list[oc.Result], printed: str
) -> None:
    asked = question(check, received(expected), observe)
    verdict = judge_answer(asked, [oc.Outcome(result, 0.1, printed) for result in results])
    assert isinstance(verdict, (Right, Wrong, NoAnswer))
    assert "LEAK" not in getattr(verdict, "reason", "")


@given(st.lists(ANSWERS, min_size=3, max_size=3))
@settings(max_examples=200)
def test_a_check_of_the_course_s_is_given_any_answer(answers: list[Any]) -> None:
    check = ch.Checked("c.py", "f", "def f(answer, args): return bool(answer == answer)")
    asked = Question("f(x)", ("x",), (Call("f", (1.0,)),), (check,), TERMS)
    for answer in answers:
        verdict = judge_answer(asked, [oc.Outcome(oc.Answered(received(answer)))])
        assert isinstance(verdict, (Right, Wrong, NeedsReview))


@given(st.lists(nested(OURS), min_size=2, max_size=2), st.lists(ANSWERS, min_size=2, max_size=2), OBSERVED)
@settings(max_examples=300)
def test_any_answers_are_like_others_or_not(expected: list[Any], got: list[Any], observe: Any) -> None:
    asked = question(ch.SameResult((1,)), 1.0, observe)
    assert alike(asked, received(expected), received(got)) in {True, False}
    assert alike(asked, received(expected), received(expected))


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=300)
def test_any_text_is_what_was_printed_or_not(expected: str, got: str) -> None:
    assert compare_printed(expected, expected, TERMS) == Right()
    assert isinstance(compare_printed(expected, got, TERMS), (Right, Wrong))


@given(
    st.lists(st.tuples(nested(OURS), RESULTS), min_size=1, max_size=3),
    st.lists(nested(OURS), min_size=1, max_size=3),
    OBSERVED,
)
@settings(max_examples=400)
def test_whatever_came_back_something_is_found_or_nothing(
    drawn: list[tuple[Any, oc.Result]], mistaken: list[Any], observe: Any
) -> None:
    cases, traces = [], []
    for number, (expected, result) in enumerate(drawn):
        call = Call("f", (1.0,), (0,))
        case = Case(str(number), "case", "visible", Fraction(1), essential=False, calls=(call,))
        due = {"x": received(expected)} if isinstance(observe, tuple) else received(expected)
        asked = Question("f(x)", ("x",), (call,), (ch.Equals((ch.Variant("", due),)),), TERMS, observe)
        outcomes = (oc.Outcome(result, 0.1, "text 3.5"),)
        cases.append(Judged(case, asked, outcomes, judge_answer(asked, outcomes)))
        value = received(mistaken[number % len(mistaken)])
        traces.append(Trace(str(number), ({"x": value} if isinstance(observe, tuple) else value,), caught=True))
    known = Mistake("1A", "f", "known", "Mind it.", Fraction(1, 2), tuple(traces))
    found = find(cases, [known])
    if found is not None:
        assert found.says
        assert "LEAK" not in found.says
        assert not all(isinstance(case.verdict, Right) for case in cases)
