"""An outcome to a verdict: the comparison when there is an answer, and a sentence to act on when there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from grader import outcome as oc
from grader.judge import checks as ch
from grader.judge.checker import consult
from grader.judge.compare import Terms, compare
from grader.judge.forms import formed
from grader.judge.numbers import describe
from grader.judge.presence import presence
from grader.judge.printed import compare_printed
from grader.judge.properties import View, holds, same
from grader.judge.sealed import opens
from grader.judge.silence import silence
from grader.judge.verdict import NeedsReview, NoAnswer, Right, Verdict, Wrong
from grader.plan import Call
from grader.wire import Opaque, Value

MAX_WRITTEN = 20_000
"""Characters of a written answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and what the answers must satisfy.

    Attributes:
        signature: of the function, as the homework writes it.
        parameters: its parameters.
        calls: that were made; the first is the one that the case is about.
        checks: all must hold.
        terms: how exact the answer must be.
        observe: what is judged: what the call returns, what it prints, or these arguments after it.
    """

    signature: str
    parameters: tuple[str, ...]
    calls: tuple[Call, ...]
    checks: tuple[ch.Check, ...]
    terms: Terms
    observe: tuple[str, ...] | Literal["return", "printed"] = "return"


def judge_answer(question: Question, outcomes: Sequence[oc.Outcome]) -> Verdict:
    """Return the verdict on one case's calls."""
    if ch.Present() in question.checks:
        return presence(question.calls[0].function, question.signature, question.parameters, outcomes[0].result)
    answers: list[Value] = []
    for call, outcome in zip(question.calls, outcomes, strict=True):
        found = _seen(question, call, outcome)
        if isinstance(found, (Wrong, NoAnswer)):
            return found
        answers.append(found.value)
    call = question.calls[0]
    args = dict(zip(question.parameters, call.args, strict=True))
    result = outcomes[0].result
    observed = result.observed if isinstance(result, oc.Answered) else ()
    after = dict(zip((question.parameters[position] for position in call.observe), observed, strict=False))
    view = View(question.calls, answers, args, after, question.terms)
    for number, check in enumerate(question.checks):
        verdict = _check(question, check, view)
        if isinstance(verdict, Wrong) and isinstance(check, ch.Leaves) and number:
            return replace(verdict, reason=f"the answer is right, but {verdict.reason}")
        if not isinstance(verdict, Right):
            return verdict
    return Right()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is judged of one call."""

    value: Value


def _seen(question: Question, call: Call, outcome: oc.Outcome) -> _Seen | Wrong | NoAnswer:
    result, own = outcome.result, call.function == question.calls[0].function
    if not isinstance(result, oc.Answered):
        return silence(call.function, question.signature if own else f"{call.function}(...)", result)
    value = seen(question, call, outcome)
    if own and question.observe == "printed":
        return _Seen(value) if str(value).strip() else NoAnswer(f"`{call.function}` printed nothing")
    if isinstance(value, Opaque):
        return Wrong(f"your answer {describe(value)}", f"its type is {value.type_name}")
    if value is None and any(not _expects_nothing(check) for check in question.checks):
        advice = "it prints its answer: use `return` instead" if outcome.printed else "is a `return` missing?"
        return NoAnswer(f"`{call.function}` returned None; {advice}")
    return _Seen(value)


def _expects_nothing(check: ch.Check) -> bool:
    if isinstance(check, ch.Equals):
        return any(variant.value is None for variant in check.variants)
    return isinstance(check, (ch.Leaves, ch.Checked))


def seen(question: Question, call: Call, outcome: oc.Outcome) -> Value:
    """Return what is judged of an answered call: the value, the text, or the arguments by name."""
    result = outcome.result
    if not isinstance(result, oc.Answered):
        return None
    if call.function != question.calls[0].function or question.observe == "return":
        return result.value
    if question.observe == "printed":
        return outcome.printed
    names = (question.parameters[position] for position in call.observe)
    after = dict(zip(names, result.observed, strict=False))
    return {name: after.get(name) for name in question.observe}


def _check(question: Question, check: ch.Check, view: View) -> Verdict:
    answer = view.answers[0]
    if isinstance(check, ch.Checked):
        return consult(check, answer, view.args)
    if isinstance(check, ch.Leaves):
        return holds(check, view)
    if isinstance(check, ch.Formed):
        return formed(check.form, answer, nonfinite=question.terms.nonfinite)
    if isinstance(check, ch.Sealed):
        return opens(
            check, answer, printed=question.observe == "printed", shape_credit=question.terms.shape_credit
        )
    if isinstance(question.observe, tuple):
        return _after_the_call(question, check, view)
    if isinstance(check, ch.Equals):
        return _equals(check, answer, question)
    return holds(check, view)


def _equals(check: ch.Equals, answer: Value, question: Question) -> Right | Wrong:
    verdicts = [agrees(variant.value, answer, question) for variant in check.variants]
    return next((verdict for verdict in verdicts if isinstance(verdict, Right)), verdicts[0])


def agrees(expected: Value, answer: Value, question: Question) -> Right | Wrong:
    """Return whether what is judged of a call is `expected`."""
    if question.observe == "printed" and isinstance(expected, str) and isinstance(answer, str):
        return compare_printed(expected, answer, question.terms)
    return compare(expected, answer, question.terms)


def _after_the_call(question: Question, check: ch.Check, view: View) -> Right | Wrong:
    """Judge arguments as they are after the call, one by one."""
    for name in question.observe:
        # Of another function it is the value that is judged, and that is whatever a student likes.
        pairs = zip(view.calls, view.answers, strict=True)
        of_name = [item[name] if call.function == view.calls[0].function else item for call, item in pairs]
        if isinstance(check, ch.Equals):
            variants = (variant.value for variant in check.variants if isinstance(variant.value, dict))
            verdicts = [compare(value[name], of_name[0], question.terms) for value in variants]
            verdict = next((item for item in verdicts if isinstance(item, Right)), verdicts[0])
        else:
            verdict = holds(check, replace(view, answers=of_name))
        if isinstance(verdict, Wrong):
            return _wrong_after(name, of_name[0], view, verdict)
    return Right()


def _wrong_after(name: str, after: Value, view: View, verdict: Wrong) -> Wrong:
    if same(view.args[name], after):
        return Wrong(
            f"`{name}` is after the call what it was before: change it in place, as `{name} -= ...` does; "
            f"`{name} = ...` makes a new array that nobody sees"
        )
    _, unfit, what = verdict.reason.partition("your answer ")
    if not unfit or what.startswith("holds"):
        return replace(verdict, reason=f"`{name}` after the call: {verdict.reason.removeprefix('your answer ')}")
    # What a student put into it is a choice among many: for a hidden case it could spell out an input.
    return Wrong(f"`{name}` after the call does not hold the real numbers that are due", f"it {what}")


def judge_text(variable: str, outcome: oc.Outcome) -> NeedsReview | NoAnswer:
    """Return whether there is a written answer for a person to mark."""
    result = outcome.result
    if isinstance(result, oc.Missing):
        return NoAnswer(f'there is no written answer; give it as a text at module level: {variable} = """..."""')
    if not isinstance(result, oc.Answered):
        return NoAnswer(f"the text `{variable}` could not be read")
    if not isinstance(result.value, str):
        return NoAnswer(f'`{variable}` is no text; write it between quotes: {variable} = """..."""')
    if not result.value.strip():
        return NoAnswer(f"the text `{variable}` is not written yet")
    if len(result.value) > MAX_WRITTEN:
        return NoAnswer(f"the text `{variable}` is longer than {MAX_WRITTEN} characters; shorten it")
    return NeedsReview("a person marks this text")


def reveal(verdict: Verdict) -> str:
    """Return all that a verdict says, for a visible case or for staff."""
    match verdict:
        case Right():
            return ""
        case NeedsReview(reason):
            return reason
    return f"{verdict.reason}: {verdict.detail}" if verdict.detail else verdict.reason
