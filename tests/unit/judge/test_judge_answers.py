from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader import outcome as oc
from grader.judge.answers import MAX_WRITTEN, Question, judge_answer, judge_text, reveal
from grader.judge.compare import Terms
from grader.judge.verdict import NeedsReview, NoAnswer, Right, Verdict, Wrong
from grader.wire import Opaque, Value, decode, encode

TERMS = Terms(rtol=1e-6, atol=1e-9, shape_credit=Fraction(1, 2))


def received(value: Any) -> Value:
    return decode(encode(value))


def question(expected: Any = 1.0, unchanged: tuple[tuple[str, Any], ...] = ()) -> Question:
    return Question("relu", "relu(x)", expected, TERMS, unchanged)


def verdict_on(result: oc.Result, printed: str = "", expected: Any = 1.0) -> Right | Wrong | NoAnswer:
    return judge_answer(question(expected), oc.Outcome(result, 0.1, printed))


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
    asked = question(unchanged=(("theta", received(BEFORE)),))
    return judge_answer(asked, oc.Outcome(oc.Answered(received(answer), (received(after),))))


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
    asked = question(unchanged=(("a", [1.0]), ("b", [2.0])))
    outcome = oc.Outcome(oc.Answered(1.0, ([1.0], [3.0])))
    verdict = judge_answer(asked, outcome)
    assert isinstance(verdict, Wrong)
    assert "`b`" in verdict.reason
    assert judge_answer(asked, oc.Outcome(oc.Answered(1.0, ([1.0], [2.0])))) == Right()


# Outcomes without an answer.


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (oc.Missing(), "`relu` is not defined in your file"),
        (oc.Missing((), "LEAK"), "`relu` is not yours, it came with a star import"),
        (oc.NotCallable("LEAK"), "`relu` is not a function; write `def relu(x):`"),
        (oc.WrongSignature("relu(LEAK)"), "`relu` does not take the arguments of `relu(x)`"),
        (oc.Raised("LEAK", "LEAK", 3, "LEAK", "LEAK"), "`relu` raised an exception"),
        (oc.NotAsked("the time was over"), "`relu` was not called: the time was over"),
        (oc.TimedOut(2.0), "`relu` did not return within 2 s; look for a loop"),
        (oc.OutOfMemory(), "`relu` ran out of memory"),
        (oc.Crashed("LEAK"), "`relu` ended the whole Python process"),
        (oc.Garbled("LEAK"), "`relu` disturbed the grading"),
    ],
)
def test_every_silence_has_a_sentence_without_the_boxs_words(result: oc.Result, words: str) -> None:
    verdict = no_answer(result, printed="LEAK")
    assert verdict.reason.startswith(words)
    assert "LEAK" not in verdict.reason


def test_an_answer_that_does_not_fit_is_wrong() -> None:
    verdict = verdict_on(oc.Unsendable("LEAK"))
    assert verdict == Wrong("the answer of `relu` is too large or nested too deeply", "LEAK")


@pytest.mark.parametrize(
    ("result", "detail"),
    [
        (oc.NotCallable("int"), "its type is int"),
        (oc.WrongSignature("relu(x, y)"), "yours is `relu(x, y)`"),
        (oc.Crashed("it ended with exit status 0"), "it ended with exit status 0"),
        (oc.Garbled("2 letters"), "2 letters"),
        (oc.Raised("ValueError", ""), "ValueError"),
        (oc.Raised("ValueError", "bad x"), "ValueError: bad x"),
        (oc.Raised("ValueError", "bad x", 12), "ValueError: bad x in line 12"),
        (oc.Raised("ValueError", "bad x", 12, "raise v"), "ValueError: bad x in line 12: `raise v`"),
        (oc.Raised("NotImplementedError", ""), "NotImplementedError; it is not written yet"),
        (oc.Raised("RecursionError", "deep"), "RecursionError: deep; it calls itself without end"),
        (oc.Raised("SystemExit", "0"), "SystemExit: 0; it calls exit(); return the answer instead"),
        (
            oc.Raised("EOFError", ""),
            "EOFError; nobody is there to answer input(); take the value from the arguments",
        ),
        (oc.Missing(("Relu", "other")), "you have `Relu`: is that it? Names must match exactly"),
        (oc.Missing(("other", "my_relu", "relu_")), "you have `relu_`: is that it? Names must match exactly"),
        (oc.Missing(("RELU", "relv")), "you have `RELU`: is that it? Names must match exactly"),
        (oc.Missing(("other",)), ""),
        (oc.Missing(("Relu",), "numpy"), "it is the one of `from numpy import *`"),
    ],
)
def test_what_the_box_said_stands_in_the_detail(result: oc.Result, detail: str) -> None:
    assert no_answer(result).detail == detail


def test_an_outcome_of_no_known_kind_is_our_own_mistake() -> None:
    with pytest.raises(AssertionError):
        verdict_on("no outcome")  # type: ignore[arg-type]


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
        (oc.Answered(""), "the text `ANSWER_1I` is empty"),
        (oc.Answered(" \n\t"), "the text `ANSWER_1I` is empty"),
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
