from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader import outcome as oc
from grader.findings import Finding, Judged, find
from grader.judge import NeedsReview, Question, Terms, judge_answer
from grader.judge.checks import Equals, SumsTo, Variant
from grader.key import Mistake, Trace
from grader.plan import Call, Case

TERMS = Terms(1e-6, 1e-9)


def judged(
    number: int, expected: Any, got: Any, *checks: Any, observe: Any = "return", visible: bool = True
) -> Judged:
    """Return case `number` of `f`; `got` is a result, or what it answered."""
    case = Case(
        str(number), "case", "visible" if visible else "hidden", Fraction(1), essential=False,
        calls=(Call("f", (float(number),), (0,) if observe == ("x",) else ()),),
    )  # fmt: skip
    due = {"x": expected} if observe == ("x",) else expected
    question = Question("f(x)", ("x",), case.calls, checks or (Equals((Variant("", due),)),), TERMS, observe)
    answered = oc.Answered(None, (got,)) if observe == ("x",) else oc.Answered(got)
    outcomes = (oc.Outcome(answered if not isinstance(got, oc.Missing | oc.Raised) else got),)
    return Judged(case, question, outcomes, judge_answer(question, outcomes))


def mistake(name: str, answers: dict[int, Any], *right: int, credit: Any = 0) -> Mistake:
    """Return a mistake that gives `answers` by case; in the cases `right` it is not caught."""
    traces = tuple(Trace(str(number), (value,), number not in right) for number, value in answers.items())
    return Mistake("1A", "f", name, f"{name.title()} it.", Fraction(credit), traces)


def named(cases: list[Judged], *mistakes: Mistake) -> str:
    found = find(cases, mistakes)
    return found.name if found else ""


# In cases 1, 2, 3 the right answers are 10, 20, 30.
def answered(*values: Any) -> list[Judged]:
    return [judged(number, 10.0 * number, value) for number, value in enumerate(values, 1)]


SIGN = mistake("sign", {1: -10.0, 2: -20.0, 3: -30.0}, credit=Fraction(1, 2))
FIRST = mistake("first", {1: 99.0, 2: 20.0, 3: 30.0}, 2, 3, credit=Fraction(1, 2))
LAST = mistake("last", {1: 10.0, 2: 20.0, 3: 77.0}, 1, 2, credit=Fraction(1, 2))


def test_where_all_is_right_there_is_nothing_to_find() -> None:
    assert find(answered(10.0, 20.0, 30.0), [SIGN, FIRST]) is None
    assert find([], [SIGN]) is None


def test_a_mistake_that_gives_all_the_answers_is_named() -> None:
    assert find(answered(-10.0, -20.0, -30.0), [FIRST, SIGN]) == Finding(
        "mistake", "sign", "Sign it.", Fraction(1, 2)
    )
    assert find(answered(99.0, 20.0, 30.0), [SIGN, FIRST]) == Finding(
        "mistake", "first", "First it.", Fraction(1, 2)
    )


def test_one_answer_that_is_not_its_own_speaks_against_it() -> None:
    assert named(answered(-10.0, -20.0, -31.0), SIGN) == ""
    assert named(answered(-10.0, -20.0, 30.0), SIGN) == ""
    assert named(answered(99.0, 20.0, 31.0), FIRST) == ""


def test_answers_are_compared_within_the_tolerance() -> None:
    assert named(answered(-10.0, -20.0 - 1e-6, np.float32(-30)), SIGN) == "sign"
    assert named(answered(-10.0, -20.001, -30.0), SIGN) == ""


def test_where_one_of_the_two_did_not_answer_nothing_is_said() -> None:
    short = mistake("short", {1: -10.0, 2: -20.0}, credit=1)
    assert find(answered(-10.0, -20.0, oc.Raised("E", "")), [SIGN]) == Finding("mistake", "sign", "Sign it.")
    assert find(answered(-10.0, -20.0, 31.0), [short]) == Finding("mistake", "short", "Short it.", Fraction(1))
    assert named(answered(oc.Missing(), oc.Missing(), oc.Missing()), SIGN) == ""
    assert named(answered(10.0, 20.0, oc.Raised("E", "")), FIRST) == ""


def test_the_credit_is_for_a_function_that_answers_every_case() -> None:
    found = find(answered(-10.0, oc.Raised("E", ""), -30.0), [SIGN])
    assert found == Finding("mistake", "sign", "Sign it.", Fraction(0))


def test_the_likeliest_of_two_that_fit_is_named() -> None:
    twin = mistake("twin", {1: -10.0, 2: -20.0, 3: -30.0})
    assert named(answered(-10.0, -20.0, -30.0), twin, SIGN) == "twin"
    assert named(answered(-10.0, -20.0, -30.0), SIGN, twin) == "sign"


class TestTwoAtOnce:
    def test_both_are_named_and_the_credits_multiply(self) -> None:
        found = find(answered(99.0, 20.0, 77.0), [FIRST, SIGN, LAST])
        assert found == Finding("mistake", "first, last", "First it. Last it.", Fraction(1, 4))

    def test_the_same_advice_is_given_once(self) -> None:
        twin = Mistake(**{**{n: getattr(LAST, n) for n in LAST.__slots__}, "says": FIRST.says})
        found = find(answered(99.0, 20.0, 77.0), [FIRST, twin])
        assert found is not None
        assert found.says == "First it."

    def test_each_must_have_an_answer_of_its_own(self) -> None:
        assert named(answered(99.0, 20.0, 78.0), FIRST, LAST) == ""
        assert named(answered(98.0, 20.0, 77.0), FIRST, LAST) == ""

    def test_where_both_are_caught_the_answer_may_be_neither_s(self) -> None:
        wide_first = mistake("first", {1: 99.0, 2: 21.0, 3: 30.0}, 3)
        wide_last = mistake("last", {1: 10.0, 2: 22.0, 3: 77.0}, 1)
        assert named(answered(99.0, 23.0, 77.0), wide_first, wide_last) == "first, last"
        assert named(answered(99.0, 20.0, 77.0), wide_first, wide_last) == ""

    def test_where_neither_is_caught_the_answer_must_be_right(self) -> None:
        assert named(answered(99.0, 23.0, 77.0), FIRST, LAST) == ""

    def test_two_that_are_caught_in_the_same_cases_cannot_be_told(self) -> None:
        one = mistake("one", {1: 99.0, 2: 98.0, 3: 30.0}, 3)
        other = mistake("other", {1: 97.0, 2: 96.0, 3: 30.0}, 3)
        assert named(answered(99.0, 96.0, 30.0), one, other) == ""


def test_every_call_of_a_case_counts() -> None:
    calls = (Call("f", (1.0,)), Call("f", (2.0,)))
    case = Case("1", "case", "visible", Fraction(1), essential=False, calls=calls)
    question = Question("f(x)", ("x",), calls, (SumsTo(1.0, None),), TERMS)

    def pair(first: float, second: float) -> list[Judged]:
        outcomes = (oc.Outcome(oc.Answered(first)), oc.Outcome(oc.Answered(second)))
        return [Judged(case, question, outcomes, judge_answer(question, outcomes))]

    two = Mistake("1A", "f", "two", "Two.", Fraction(0), (Trace("1", (2.0, 3.0), caught=True),))
    assert named(pair(2.0, 3.0), two) == "two"
    assert named(pair(2.0, 4.0), two) == ""
    assert not Judged(
        case, question, (oc.Outcome(oc.Answered(2.0)), oc.Outcome(oc.Missing())), NeedsReview("x")
    ).is_answered


def test_arguments_after_the_call_are_answers() -> None:
    nothing = mistake("nothing", {1: {"x": 1.0}, 2: {"x": 2.0}})
    cases = [judged(number, 10.0 * number, float(number), observe=("x",)) for number in (1, 2)]
    assert named(cases, nothing) == "nothing"


# Without a known mistake.


def test_a_diagnosis_is_made_of_what_was_returned() -> None:
    values = [np.arange(6.0).reshape(2, 3) + number for number in (1, 2, 3)]
    cases = [judged(number, value, value.T) for number, value in enumerate(values)]
    found = find(cases, [])
    assert found is not None
    assert (found.kind, found.name, found.credit) == ("transposed", "", Fraction(0))
    assert found.says


def test_a_known_mistake_comes_before_a_diagnosis() -> None:
    values = [np.arange(6.0).reshape(2, 3) + number for number in (1, 2)]
    cases = [judged(number, value, value.T) for number, value in enumerate(values)]
    known = mistake("axis", {number: value.T for number, value in enumerate(values)})
    assert named(cases, known) == "axis"


def test_arguments_after_the_call_are_diagnosed_too() -> None:
    values = [np.arange(6.0).reshape(2, 3) + number for number in (1, 2, 3)]
    found = find([judged(number, value, value.T, observe=("x",)) for number, value in enumerate(values)], [])
    assert found is not None
    assert found.kind == "transposed"


def test_several_arguments_are_diagnosed_as_several_values_are() -> None:
    def case(number: int, right: bool) -> Judged:
        value = np.arange(6.0).reshape(2, 3) + number
        call = Call("f", (float(number), value), (0, 1))
        asked = Case(str(number), "case", "visible", Fraction(1), essential=False, calls=(call,))
        checks = (Equals((Variant("", {"x": value, "y": value}),)),)
        question = Question("f(x, y)", ("x", "y"), asked.calls, checks, TERMS, ("x", "y"))
        outcomes = (oc.Outcome(oc.Answered(None, (value, value if right else value.T))),)
        return Judged(asked, question, outcomes, judge_answer(question, outcomes))

    found = find([case(number, right=False) for number in range(3)], [])
    assert found is not None
    assert found.kind == "transposed"
    assert find([case(number, right=True) for number in range(3)], []) is None


def test_neither_properties_nor_printed_texts_are_diagnosed() -> None:
    value = np.arange(6.0).reshape(2, 3)
    assert find([judged(1, value, value.T, SumsTo(7.0, None))], []) is None
    assert find([judged(1, "3.5", None, observe="printed")], []) is None


def test_answers_that_nothing_explains() -> None:
    random = np.random.RandomState(0)
    cases = [judged(number, random.rand(4), random.rand(4)) for number in range(4)]
    assert find(cases, [SIGN]) is None


@pytest.mark.parametrize("got", [None, "text", 10**400, [1, [2]], {"a": 1}, float("nan"), [None], b"x"])
def test_whatever_came_back_something_or_nothing_is_found(got: Any) -> None:
    find([judged(1, np.ones(3), got), judged(2, 5.0, got), judged(3, "x", got)], [SIGN, FIRST])


# Beside calls that raised.

AMBIGUOUS = oc.Raised("ValueError", "The truth value of an array with more than one element is ambiguous", 2)


def raises(number: int, x: Any, source: str, result: oc.Raised = AMBIGUOUS) -> Judged:
    case = Case(str(number), "case", "hidden", Fraction(1), essential=False, calls=(Call("f", (x,)),))
    question = Question("f(x)", ("x",), case.calls, (Equals((Variant("", np.tanh(x)),)),), TERMS)
    outcomes = (oc.Outcome(replace(result, source=source)),)
    return Judged(case, question, outcomes, judge_answer(question, outcomes))


def test_code_for_one_number_is_named_by_what_it_raises_and_not_by_the_few_answers_that_come() -> None:
    came = judged(9, np.array([0.5]), 0.5)
    cases = [raises(number, np.arange(number + 2.0), "if x > 0:") for number in range(3)]
    found = find([came, *cases], [])
    assert found is not None
    assert (found.kind, found.credit) == ("numbers_only", Fraction(0))
    assert find([came, *cases[:2], raises(3, np.arange(2.0), "y = x[5]", oc.Raised("IndexError", ""))], []) is None
    lost = replace(cases[0], outcomes=(oc.Outcome(oc.TimedOut(2.0)),))
    assert find([came, lost, *cases[1:]], []) is None


def test_beside_exceptions_values_are_not_diagnosed_but_that_nothing_is_returned_is() -> None:
    values = [np.arange(6.0).reshape(2, 3) + number for number in (1, 2, 3)]
    raised = judged(9, 1.0, oc.Raised("ValueError", "matmul"))
    assert find([*(judged(n, value, value.T) for n, value in enumerate(values)), raised], []) is None
    nothing = find([*(judged(n, value, None) for n, value in enumerate(values)), raised], [])
    assert nothing is not None
    assert nothing.kind == "returns_none"


def test_a_mistake_that_answers_where_calls_raised_explains_more_than_it_contradicts() -> None:
    lost = [judged(number, 10.0 * number, oc.Raised("ValueError", "x")) for number in (2, 3)]
    assert named([*answered(-10.0), *lost], SIGN) == ""
    assert named([*answered(-10.0, -20.0), lost[1]], SIGN) == "sign"
