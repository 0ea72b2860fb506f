from __future__ import annotations

import pytest

from grader import outcome as oc
from grader.judge import NeedsReview, NoAnswer, Question, Terms, Wrong, judge_answer
from grader.judge.checks import Formed, Present, Sealed
from grader.judge.presence import presence
from grader.judge.sealed import seal
from grader.judge.verdict import Right
from grader.plan import Call

UNWRITTEN = oc.Raised("NotImplementedError", "", 3, "raise NotImplementedError", "")
FAILED = oc.Raised("TypeError", "f() missing 1 argument", 3, "x", "")
WAITS = NeedsReview(
    "`f` is there; it has no visible case, so whether it is right is only checked after you hand in"
)
TERMS = Terms(1e-6, 1e-9)


@pytest.mark.parametrize("parameters", [(), ("x",)])
def test_what_is_absent_is_said(parameters: tuple[str, ...]) -> None:
    for result in (UNWRITTEN, oc.Missing(()), oc.NotCallable("int"), oc.NotAsked("your file could not be loaded")):
        assert isinstance(presence("f", "f(x)", parameters, result), NoAnswer)


def test_one_that_takes_arguments_is_there_when_it_misses_them() -> None:
    for result in (FAILED, oc.WrongSignature("f(x)"), oc.TimedOut(2.0), oc.Answered(1)):
        assert presence("f", "f(x)", ("x",), result) == WAITS


def test_one_that_takes_none_must_answer() -> None:
    assert presence("f", "f()", (), oc.Answered(None)) == WAITS
    assert presence("f", "f()", (), FAILED) != WAITS


def test_the_judge_asks_for_nothing_else() -> None:
    question = Question("f(x)", ("x",), (Call("f", ()),), (Present(),), TERMS)
    assert judge_answer(question, [oc.Outcome(FAILED)]) == WAITS


def test_sealed_and_formed_answers_are_judged_whole_also_after_the_call() -> None:
    call = Call("f", (1,), (0,))
    outcome = oc.Outcome(oc.Answered(None, ([1, 2],)))
    sealed: Sealed = seal(({"x": [1, 2]},), b"", cost=1)
    for check, verdict in ((sealed, Right()), (Formed({"x": [2]}), Right()), (Formed({"x": []}), None)):
        found = judge_answer(Question("f(x)", ("x",), (call,), (check,), TERMS, ("x",)), [outcome])
        assert found == verdict or (verdict is None and isinstance(found, Wrong))
