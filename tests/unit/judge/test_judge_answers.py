from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader import outcome as oc
from grader.judge.answers import MAX_WRITTEN, Question, judge_answer, judge_text, reveal, seen
from grader.judge.checks import Agrees, Check, Checked, Equals, Holds, Leaves, Recovers, SumsTo, Variant, Within
from grader.judge.compare import Terms
from grader.judge.verdict import NeedsReview, NoAnswer, Right, Verdict, Wrong
from grader.plan import Call, Earlier
from grader.wire import Opaque, Value, decode, encode

TERMS = Terms(rtol=1e-6, atol=1e-9, shape_credit=Fraction(1, 2))


def received(value: Any) -> Value:
    return decode(encode(value))


def question(expected: Any = 1.0, **unchanged: Any) -> Question:
    """Return one about `relu`, whose arguments are those that must stay as they were."""
    names = tuple(unchanged)
    calls = (Call("relu", tuple(unchanged.values()), tuple(range(len(names)))),)
    checks: tuple[Check, ...] = (Equals((Variant("", expected),)), *([Leaves(names)] if names else []))
    return Question("relu(x)", names, calls, checks, TERMS)


def verdict_on(result: oc.Result, printed: str = "", expected: Any = 1.0) -> Verdict:
    return judge_answer(question(expected), [oc.Outcome(result, 0.1, printed)])


def no_answer(result: oc.Result, printed: str = "") -> NoAnswer:
    verdict = verdict_on(result, printed)
    assert isinstance(verdict, NoAnswer)
    return verdict


def test_an_answer_is_compared() -> None:
    assert verdict_on(oc.Answered(1.0)) == Right()
    assert verdict_on(oc.Answered(2.0)) == Wrong("the value is wrong", "expected 1.0, got 2.0")
    verdict = verdict_on(oc.Answered(received([1.0])))
    assert isinstance(verdict, Wrong)
    assert verdict.credit == Fraction(1, 2)


def test_none_is_no_answer_and_the_reader_is_told_why() -> None:
    assert no_answer(oc.Answered(None)).reason == "`relu` returned None; is a `return` missing?"
    printed = no_answer(oc.Answered(None), printed="LEAK").reason
    assert printed == "`relu` returned None; it prints its answer: use `return` instead"
    assert verdict_on(oc.Answered(None), expected=None) == Right()


def test_printing_does_not_make_a_right_answer_wrong() -> None:
    assert verdict_on(oc.Answered(1.0), printed="noise") == Right()


def test_the_type_that_did_not_travel_is_told_in_the_detail_only() -> None:
    verdict = verdict_on(oc.Answered(Opaque("submission.LEAK")))
    assert verdict == Wrong(
        "your answer is an object of another type; return a number, a list or a numpy array",
        "its type is submission.LEAK",
    )


# Arguments that must stay as they are.

BEFORE = np.array([1.0, float("nan"), -0.0])


def after_call(after: Any, answer: Any = 1.0) -> Verdict:
    asked = question(theta=received(BEFORE))
    return judge_answer(asked, [oc.Outcome(oc.Answered(received(answer), (received(after),)))])


def test_an_argument_left_alone() -> None:
    assert after_call(BEFORE.copy()) == Right()


@pytest.mark.parametrize(
    "after",
    [
        np.array([1.0, float("nan"), 0.0]),
        np.array([1.0 + 2**-52, float("nan"), -0.0]),
        BEFORE[:2],
        BEFORE.reshape(3, 1),
        BEFORE.astype(np.float32),
        BEFORE.astype(complex),
        [1.0, float("nan"), -0.0],
        None,
        object(),
    ],
    ids=str,
)
def test_a_changed_argument_makes_a_right_answer_wrong(after: Any) -> None:
    verdict = after_call(after)
    assert isinstance(verdict, Wrong)
    assert verdict.credit == 0
    assert verdict.reason == "the answer is right, but `relu` changes its argument `theta`; work on a copy"


def test_a_wrong_answer_is_told_first() -> None:
    verdict = after_call(np.zeros(3), answer=2.0)
    assert isinstance(verdict, Wrong)
    assert verdict.reason == "the value is wrong"


def test_every_argument_is_looked_at() -> None:
    asked = question(a=[1.0], b=[2.0])
    verdict = judge_answer(asked, [oc.Outcome(oc.Answered(1.0, ([1.0], [3.0])))])
    assert isinstance(verdict, Wrong)
    assert "`b`" in verdict.reason
    assert judge_answer(asked, [oc.Outcome(oc.Answered(1.0, ([1.0], [2.0])))]) == Right()


# Written answers.


def text_verdict(result: oc.Result) -> NeedsReview | NoAnswer:
    return judge_text("ANSWER_1I", oc.Outcome(result))


@pytest.mark.parametrize("text", ["because", "x" * MAX_WRITTEN, "\n a \n", "réponse : oui"])
def test_a_text_awaits_a_person(text: str) -> None:
    assert text_verdict(oc.Answered(text)) == NeedsReview("a person marks this text")


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (
            oc.Missing(("LEAK",)),
            'there is no written answer; give it as a text at module level: ANSWER_1I = """..."""',
        ),
        (oc.TimedOut(1.0), "the text `ANSWER_1I` could not be read"),
        (oc.Crashed("LEAK"), "the text `ANSWER_1I` could not be read"),
        (oc.Raised("LEAK", "LEAK"), "the text `ANSWER_1I` could not be read"),
        (oc.NotAsked("LEAK"), "the text `ANSWER_1I` could not be read"),
        (oc.Answered(None), "`ANSWER_1I` is no text; write it between quotes"),
        (oc.Answered(3), "`ANSWER_1I` is no text"),
        (oc.Answered(b"because"), "`ANSWER_1I` is no text"),
        (oc.Answered(["because"]), "`ANSWER_1I` is no text"),
        (oc.Answered(Opaque("LEAK")), "`ANSWER_1I` is no text"),
        (oc.Answered(""), "the text `ANSWER_1I` is not written yet"),
        (oc.Answered(" \n\t"), "the text `ANSWER_1I` is not written yet"),
        (oc.Answered("x" * (MAX_WRITTEN + 1)), "the text `ANSWER_1I` is longer than 20000 characters; shorten it"),
    ],
)
def test_what_cannot_be_marked_is_said_never_scored_in_silence(result: oc.Result, words: str) -> None:
    verdict = text_verdict(result)
    assert isinstance(verdict, NoAnswer)
    assert verdict.reason.startswith(words)
    assert "LEAK" not in verdict.reason


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        (Right(), ""),
        (NeedsReview("a person"), "a person"),
        (Wrong("no"), "no"),
        (Wrong("no", "1 is due"), "no: 1 is due"),
        (NoAnswer("none"), "none"),
        (NoAnswer("none", "it raised"), "none: it raised"),
    ],
)
def test_all_that_a_verdict_says(verdict: Verdict, text: str) -> None:
    assert reveal(verdict) == text


# What is judged: the value, the text, or arguments after the call.


def observed(
    before: Any, after: Any, expected: Any, *more: Check, terms: Terms = TERMS, value: Any = None
) -> Verdict:
    """Judge `theta` after a call that should leave `expected` in it."""
    calls = (Call("step", (received(before), 0.5), (0,)),)
    checks: tuple[Check, ...] = (Equals((Variant("", {"theta": expected}),)), *more)
    asked = Question("step(theta, lr)", ("theta", "lr"), calls, checks, terms, ("theta",))
    return judge_answer(asked, [oc.Outcome(oc.Answered(value, (received(after),)))])


class TestArgumentsAfterTheCall:
    BEFORE = np.array([1.0, 2.0])
    AFTER = np.array([0.5, 1.5])

    def test_what_was_updated_in_place_is_right_whatever_is_returned(self) -> None:
        assert observed(self.BEFORE, self.AFTER, self.AFTER) == Right()
        assert observed(self.BEFORE, self.AFTER, self.AFTER, value=Opaque("x")) == Right()

    def test_an_argument_that_is_as_before_was_rebound_or_only_returned(self) -> None:
        verdict = observed(self.BEFORE, self.BEFORE, self.AFTER, value=self.AFTER)
        assert verdict == Wrong(
            "`theta` is after the call what it was before: change it in place, as `theta -= ...` does; "
            "`theta = ...` makes a new array that nobody sees"
        )

    def test_wrong_values_are_said_to_be_the_argument_s(self) -> None:
        verdict = observed(self.BEFORE, self.AFTER + 1, self.AFTER)
        assert isinstance(verdict, Wrong)
        assert verdict.reason == "`theta` after the call: the values are wrong"
        assert verdict.detail.startswith("2 of 2 entries differ")

    def test_what_is_not_finite(self) -> None:
        verdict = observed(self.BEFORE, np.array([0.5, np.nan]), self.AFTER)
        assert isinstance(verdict, Wrong)
        assert verdict.reason == "`theta` after the call: holds NaN"

    @pytest.mark.parametrize(
        "item", [Opaque("generator"), Opaque("fractions.Fraction"), "text", {}, None, 10**400]
    )
    def test_what_a_student_puts_into_a_list_is_named_in_the_detail_only(self, item: Any) -> None:
        verdict = observed([1.0, 2.0], [0.5, item], self.AFTER)
        assert isinstance(verdict, Wrong)
        assert verdict.reason == "`theta` after the call does not hold the real numbers that are due"
        assert verdict.detail.startswith("it has an item that ")

    def test_the_shape_credit_is_given_here_too(self) -> None:
        verdict = observed([1.0, 2.0], [[0.5, 1.5]], self.AFTER)
        assert isinstance(verdict, Wrong)
        assert verdict.credit == Fraction(1, 2)

    def test_of_several_right_answers_one_is_enough(self) -> None:
        calls = (Call("step", (self.BEFORE,), (0,)),)
        variants = Equals((Variant("sum", {"theta": self.AFTER}), Variant("mean", {"theta": self.BEFORE * 3})))
        asked = Question("step(theta)", ("theta",), calls, (variants,), TERMS, ("theta",))

        def verdict(after: Any) -> Verdict:
            return judge_answer(asked, [oc.Outcome(oc.Answered(None, (after,)))])

        assert verdict(self.AFTER) == verdict(self.BEFORE * 3) == Right()
        wrong = verdict(self.BEFORE * 4)
        assert isinstance(wrong, Wrong)
        assert "expected 0.5" in wrong.detail

    def test_properties_are_of_the_argument_too(self) -> None:
        ahead = Within(0.0, 1.0)
        assert observed([1.0], [0.5], [0.5], ahead) == Right()
        verdict = observed([1.0], [1.5], [1.5], ahead)
        assert isinstance(verdict, Wrong)
        assert verdict.reason == "`theta` after the call: an entry is outside of its range"

    def test_another_call_of_the_student_s_is_judged_by_what_it_returns(self) -> None:
        calls = (Call("step", (self.BEFORE,), (0,)), Call("new", (self.BEFORE,)))
        asked = Question("step(theta)", ("theta",), calls, (Agrees(1),), TERMS, ("theta",))
        first = oc.Outcome(oc.Answered(None, (self.AFTER,)))
        assert judge_answer(asked, [first, oc.Outcome(oc.Answered(self.AFTER))]) == Right()
        verdict = judge_answer(asked, [first, oc.Outcome(oc.Answered(self.BEFORE))])
        assert isinstance(verdict, Wrong)
        assert verdict.reason == "`theta` after the call: `step` and `new` must agree and do not"
        assert judge_answer(asked, [first, oc.Outcome(oc.Answered(None))]) == NoAnswer(
            "`new` returned None; is a `return` missing?"
        )
        assert isinstance(judge_answer(asked, [first, oc.Outcome(oc.Answered({}))]), Wrong)

    def test_every_one_of_them_is_looked_at(self) -> None:
        calls = (Call("step", (self.BEFORE, self.BEFORE), (0, 1)),)
        due = Equals((Variant("", {"a": self.AFTER, "b": self.AFTER}),))
        asked = Question("step(a, b)", ("a", "b"), calls, (due,), TERMS, ("a", "b"))
        verdict = judge_answer(asked, [oc.Outcome(oc.Answered(None, (self.AFTER, self.AFTER + 1)))])
        assert isinstance(verdict, Wrong)
        assert verdict.reason.startswith("`b` after the call")


class TestPrinted:
    def _verdict(self, printed: str, expected: Any = "sum: 3.5\n", *more: Check) -> Verdict:
        checks: tuple[Check, ...] = (Equals((Variant("", expected),)), *more)
        asked = Question("show(x)", ("x",), (Call("show", (1,)),), checks, TERMS, "printed")
        return judge_answer(asked, [oc.Outcome(oc.Answered(None), 0.1, printed)])

    def test_what_is_printed_is_judged_and_not_what_is_returned(self) -> None:
        assert self._verdict("sum: 3.5") == Right()
        assert self._verdict("sum:   3.50000001\n\n") == Right()

    def test_numbers_and_words(self) -> None:
        assert self._verdict("sum: 3.6") == Wrong(
            "the printed text is wrong", "at word 2: expected '3.5', got '3.6'"
        )
        assert self._verdict("total: 3.5") == Wrong(
            "the printed text is wrong", "at word 1: expected 'sum:', got 'total:'"
        )

    @pytest.mark.parametrize("printed", ["", " \n\t"])
    def test_nothing_is_no_answer(self, printed: str) -> None:
        assert self._verdict(printed) == NoAnswer("`show` printed nothing")

    def test_the_rubric_may_expect_another_kind_of_value(self) -> None:
        verdict = self._verdict("3", 3)
        assert isinstance(verdict, Wrong)

    def test_a_check_of_the_course_s_gets_the_text(self) -> None:
        check = Checked("c.py", "f", "def f(answer, args): return answer == 'sum: 3.5' and args == {'x': 1}")
        assert self._verdict("sum: 3.5", "sum: 3.5", check) == Right()


# Several calls.


class TestSeveralCalls:
    def _verdict(self, *results: oc.Result) -> Verdict:
        calls = (Call("f", (1,)), Call("g", (Earlier(0),)))
        asked = Question("f(x)", ("x",), calls, (Recovers(1, "x", 1),), TERMS)
        return judge_answer(asked, [oc.Outcome(result) for result in results])

    def test_all_must_answer(self) -> None:
        assert self._verdict(oc.Answered(2.0), oc.Answered(1.0)) == Right()
        assert self._verdict(oc.Raised("E", "x"), oc.NotAsked("so")) == NoAnswer("`f` raised an exception", "E: x")

    def test_the_second_one_is_named_by_its_own_name(self) -> None:
        assert self._verdict(oc.Answered(2.0), oc.Missing()) == NoAnswer("`g` is not defined in your file")
        assert self._verdict(oc.Answered(2.0), oc.NotCallable("int")) == NoAnswer(
            "`g` is not a function; write `def g(...):`", "its type is int"
        )
        assert self._verdict(oc.Answered(2.0), oc.Answered(None)) == NoAnswer(
            "`g` returned None; is a `return` missing?"
        )


def test_several_right_answers_and_the_first_is_shown() -> None:
    variants = Equals((Variant("sum", 6.0), Variant("mean", 2.0)))
    asked = Question("f(x)", ("x",), (Call("f", (1,)),), (variants,), TERMS)
    for value, right in ((6.0, True), (2.0, True), (3.0, False)):
        verdict = judge_answer(asked, [oc.Outcome(oc.Answered(value))])
        assert (verdict == Right()) is right
    assert verdict == Wrong("the value is wrong", "expected 6.0, got 3.0")


def test_of_several_checks_the_first_that_fails_is_told() -> None:
    checks = (Holds("finite"), Within(0.0, 1.0), SumsTo(1.0, None))
    asked = Question("f(x)", ("x",), (Call("f", (1,)),), checks, TERMS)

    def reason(value: Any) -> str:
        verdict = judge_answer(asked, [oc.Outcome(oc.Answered(received(value)))])
        return verdict.reason if isinstance(verdict, Wrong) else ""

    assert reason([0.5, 0.5]) == ""
    assert reason([float("nan"), 5]) == "your answer holds NaN or infinity"
    assert reason([-1, 2]) == "an entry is outside of its range"
    assert reason([0.5, 0.6]) == "the entries do not sum to what they must"


def test_a_function_that_returns_nothing_may_be_asked_to_leave_its_arguments_alone() -> None:
    asked = Question("f(x)", ("x",), (Call("f", ([1.0],), (0,)),), (Leaves(("x",)),), TERMS)
    assert judge_answer(asked, [oc.Outcome(oc.Answered(None, ([1.0],)))]) == Right()
    assert judge_answer(asked, [oc.Outcome(oc.Answered(None, ([2.0],)))]) == Wrong(
        "`f` changes its argument `x`; work on a copy"
    )


def test_a_check_of_the_course_s_may_leave_the_verdict_to_a_person() -> None:
    asked = Question(
        "f(x)", ("x",), (Call("f", (1,)),), (Checked("c.py", "f", "def f(answer, args): 1 / 0"),), TERMS
    )
    verdict = judge_answer(asked, [oc.Outcome(oc.Answered(1.0))])
    assert isinstance(verdict, NeedsReview)


def test_nothing_is_judged_of_a_call_without_an_answer() -> None:
    asked = question()
    assert seen(asked, asked.calls[0], oc.Outcome(oc.Missing())) is None
