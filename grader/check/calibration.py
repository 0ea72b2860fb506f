"""Do the tolerances lie between rounding, which they must allow, and the effect of a known mistake?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from grader.judge import Question, Right, judge_answer
from grader.judge.answers import agrees
from grader.judge.checks import Equals, Variant
from grader.key import Expectation, Key
from grader.key.trial import TrialError, judged, outcomes
from grader.plan import Call, Earlier, FunctionAnswer, Part, Plan
from grader.reference import Reference
from grader.wire import Value

_Array: TypeAlias = np.ndarray[Any, Any]

ROUNDS = 4
"""Draws of the last bits of a case's arguments."""
_TIGHT = 10
"""A fair answer may round some ten times."""
_LOOSE = 100
"""What uses up less than a hundredth of a tolerance is rounding; more is an effect."""


class Misfit(NamedTuple):
    """A case whose tolerance does not fit.

    Attributes:
        case: its id.
        kind: `too_tight` or `too_loose`.
        detail: what shows it.
    """

    case: str
    kind: Literal["too_tight", "too_loose"]
    detail: str


def too_tight(plan: Plan, key: Key, reference: Reference, *, float32: bool) -> Iterator[Misfit]:
    """Yield the cases in which the last bits of the arguments move the right answer by a tenth of the tolerance.

    What rounding does inside a fair answer is of the same size as a last bit of its arguments, amplified by the
    problem's condition. Whole numbers stay: every format holds them, and jumps stand there on purpose.

    Args:
        plan: the paper.
        key: its tolerances.
        reference: whose answer is moved.
        float32: the last bits are a float32's, also of arguments in float64.
    """
    for _, answer, expectation, question in _questions(plan, key):
        function = reference.function(answer.function)
        if function is None or not any(isinstance(check, Equals) for check in expectation.checks):
            continue
        call = question.calls[0]
        base = replace(question, calls=(call,))
        try:
            (right,) = judged(base, outcomes((call,), {answer.function: function}))
            strict = _stricter(replace(base, checks=(Equals((Variant("", right),)),)), _TIGHT)
            for number in range(ROUNDS):
                seed = hashlib.sha256(f"{expectation.case}/{number}".encode()).digest()
                moved = _moved_call(call, np.random.default_rng(list(seed)), float32=float32)
                found = outcomes((moved,), {answer.function: function})
                if not isinstance(judge_answer(strict, found), Right):
                    what = "a float32's rounding" if float32 else "rounding"
                    text = f"{what} of the arguments moves the answer by more than a tenth of the tolerance"
                    yield Misfit(expectation.case, "too_tight", text)
                    break
        except TrialError as error:
            yield Misfit(expectation.case, "too_tight", f"with its arguments rounded, the reference {error}")


def too_loose(plan: Plan, key: Key) -> Iterator[Misfit]:
    """Yield the cases whose tolerance accepts a known mistake's answer although it is not the right one."""
    for part, answer, expectation, question in _questions(plan, key):
        variants = [item for check in expectation.checks if isinstance(check, Equals) for item in check.variants]
        strict = _stricter(question, _LOOSE)
        for mistake in key.mistakes:
            if (mistake.part, mistake.answer) != (part.id, answer.function):
                continue
            for trace in mistake.traces:
                value = trace.answers[0]
                if (
                    trace.case == expectation.case
                    and any(_is_right(item.value, value, question) for item in variants)
                    and not any(_is_right(item.value, value, strict) for item in variants)
                ):
                    text = f"accepts `{mistake.name}`, which uses up more than a hundredth of the tolerance"
                    yield Misfit(expectation.case, "too_loose", text)


def _questions(plan: Plan, key: Key) -> Iterator[tuple[Part, FunctionAnswer, Expectation, Question]]:
    expectations = {item.case: item for item in key.expectations}
    for part in plan.parts():
        for answer in part.answers:
            for case in answer.cases if isinstance(answer, FunctionAnswer) else ():
                expectation = expectations[case.id]
                assert isinstance(answer, FunctionAnswer)
                yield part, answer, expectation, expectation.question(answer, case, key.shape_credit)


def _is_right(expected: Value, got: Value, question: Question) -> bool:
    return isinstance(agrees(expected, got, question), Right)


def _stricter(question: Question, times: int) -> Question:
    terms = replace(question.terms, rtol=question.terms.rtol / times, atol=question.terms.atol / times)
    return replace(question, terms=terms)


def _moved_call(call: Call, random: np.random.Generator, *, float32: bool) -> Call:
    args = (arg if isinstance(arg, Earlier) else _moved(arg, random, float32=float32) for arg in call.args)
    return replace(call, args=tuple(args))


def _moved(value: Value, random: np.random.Generator, *, float32: bool) -> Value:
    if isinstance(value, float):
        return float(_nudged(np.array(value), random, float32=float32))
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return _nudged(value, random, float32=float32)
    if isinstance(value, (list, tuple)):
        return type(value)(_moved(item, random, float32=float32) for item in value)
    if isinstance(value, dict):
        return {key: _moved(item, random, float32=float32) for key, item in value.items()}
    return value


def _nudged(array: _Array, random: np.random.Generator, *, float32: bool) -> _Array:
    """Return the array with the last bit of each entry that is no whole number moved up or down."""
    signs = random.integers(0, 2, array.shape) * 2 - 1
    finite = np.isfinite(array)
    bits = np.spacing(np.abs(np.where(finite, array, 0).astype(np.float32 if float32 else array.dtype)))
    is_whole = np.equal(array, np.round(array)) | ~finite
    return np.where(is_whole, array, array + signs * bits).astype(array.dtype)
