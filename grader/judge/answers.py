"""An outcome to a verdict: the comparison when there is an answer, and a sentence to act on when there is none."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from grader import outcome as oc
from grader.judge.compare import Terms, compare
from grader.judge.numbers import describe
from grader.judge.verdict import NeedsReview, NoAnswer, Right, Verdict, Wrong
from grader.wire import Opaque, Value, encode

MAX_WRITTEN = 20_000
"""Characters of a written answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked.

    Attributes:
        name: the function's.
        signature: as the homework writes it.
        expected: the right answer.
        terms: how exact the answer must be.
        unchanged: the arguments that the call must leave alone: name and value before the call.
    """

    name: str
    signature: str
    expected: Value
    terms: Terms
    unchanged: Sequence[tuple[str, Value]] = ()


def judge_answer(question: Question, outcome: oc.Outcome) -> Right | Wrong | NoAnswer:
    """Return the verdict on one call."""
    result = outcome.result
    if not isinstance(result, oc.Answered):
        return _silence(question, result)
    if result.value is None and question.expected is not None:
        advice = "it prints its answer: use `return` instead" if outcome.printed else "is a `return` missing?"
        return NoAnswer(f"`{question.name}` returned None; {advice}")
    if isinstance(result.value, Opaque):
        return Wrong(f"your answer {describe(result.value)}", f"its type is {result.value.type_name}")
    verdict = compare(question.expected, result.value, question.terms)
    if isinstance(verdict, Wrong):
        return verdict
    for (name, before), after in zip(question.unchanged, result.observed, strict=False):
        if not _same(before, after):
            return Wrong(
                f"the answer is right, but `{question.name}` changes its argument `{name}`; work on a copy"
            )
    return verdict


def _same(before: Value, after: Value) -> bool:
    """Whether an argument is still what it was, bit by bit, in its type and shape too."""
    return encode(before) == encode(after)


def _silence(question: Question, result: oc.Result) -> Wrong | NoAnswer:
    """Say why there is no value to compare. What the box sent stands in the detail: it may spell out an input."""
    name, signature = question.name, question.signature
    match result:
        case oc.Missing():
            return NoAnswer(*_missing(name, result))
        case oc.NotCallable(type_name):
            return NoAnswer(f"`{name}` is not a function; write `def {signature}:`", f"its type is {type_name}")
        case oc.WrongSignature(found):
            return NoAnswer(f"`{name}` does not take the arguments of `{signature}`", f"yours is `{found}`")
        case oc.Raised():
            return NoAnswer(f"`{name}` raised an exception", _raised(result))
        case oc.Unsendable(reason):
            return Wrong(f"the answer of `{name}` is too large or nested too deeply", reason)
        case oc.NotAsked(reason):
            return NoAnswer(f"`{name}` was not called: {reason}")
    return _ending(name, result)


def _ending(name: str, result: oc.Result) -> NoAnswer:
    """Say how the call ended its process, or had to be ended with it."""
    match result:
        case oc.TimedOut(limit):
            return NoAnswer(f"`{name}` did not return within {limit:.3g} s; look for a loop that does not end")
        case oc.OutOfMemory():
            return NoAnswer(f"`{name}` ran out of memory; look for an array that is larger than it need be")
        case oc.Crashed(how):
            return NoAnswer(f"`{name}` ended the whole Python process; look for exit() or endless recursion", how)
        case oc.Garbled(reason):
            return NoAnswer(
                f"`{name}` disturbed the grading: it must return its answer and do nothing else", reason
            )
    raise AssertionError(result)


def _missing(name: str, result: oc.Missing) -> tuple[str, str]:
    if result.star:
        reason = f"`{name}` is not yours, it came with a star import; define it, or import it by name"
        return reason, f"it is the one of `from {result.star} import *`"
    close = [other for other in result.defined if other.lower() == name.lower()]
    close += difflib.get_close_matches(name, result.defined, n=1, cutoff=0.7)
    hint = f"you have `{close[0]}`: is that it? Names must match exactly" if close else ""
    return f"`{name}` is not defined in your file", hint


# By exception and by words in its message; the first that fits is given.
_ADVICE = (
    ("EOFError", "", "nobody is there to answer input(); take the value from the arguments"),
    ("NotImplementedError", "", "it is not written yet"),
    ("RecursionError", "", "it calls itself without end"),
    ("SystemExit", "", "it calls exit(); return the answer instead"),
    ("RuntimeError", "new thread", "threads cannot be started while it is graded; compute without them"),
    ("FileNotFoundError", "No usable temporary directory", "no file can be written while it is graded"),
    ("FileNotFoundError", "", "only the files that were handed in are there"),
    ("PermissionError", "", "while it is graded it cannot write files, start programs or use the network"),
)


def _raised(result: oc.Raised) -> str:
    where = f" in line {result.line}" if result.line else ""
    source = f": `{result.source}`" if result.source else ""
    text = f": {result.text}" if result.text else ""
    fitting = (say for kind, words, say in _ADVICE if kind == result.type_name and words in result.text)
    advice = next(fitting, "")
    return f"{result.type_name}{text}{where}{source}{'; ' + advice if advice else ''}"


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
        return NoAnswer(f"the text `{variable}` is empty")
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
