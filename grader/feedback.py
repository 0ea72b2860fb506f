"""What is said about a case: to the student, who may act on it, and to staff, who may see everything."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping

from grader import outcome as oc
from grader.judge import NoAnswer, Right, Verdict, Wrong
from grader.judge.answers import reveal
from grader.judge.show import show
from grader.key import Expectation
from grader.plainly import printable, told
from grader.plan import Call, Case

_MAX_SENTENCE = 600


def student_message(case: Case, expectation: Expectation, verdict: Verdict, called: Collection[str]) -> str:
    """Return what the student reads; for a hidden case neither inputs, nor answers, nor the box's words.

    Args:
        case: what was asked.
        expectation: what should have come.
        verdict: on what came.
        called: the student's own functions that this one calls and that are wrong too.
    """
    if not isinstance(verdict, (Wrong, NoAnswer)):
        return ""
    visible = case.visibility == "visible"
    sentences = [f"{call_text(case.call)}: {reveal(verdict)}" if visible else _hidden_reason(verdict.reason)]
    if called:
        names = ", ".join(f"`{name}`" for name in called)
        sentences.append(
            f"It calls your {names}, which {'is' if len(called) == 1 else 'are'} wrong too: begin there"
        )
    if expectation.hint:
        sentences.append(f"Hint: {expectation.hint}")
    return " ".join(map(sentence_of, sentences))


def _hidden_reason(reason: str) -> str:
    """Return what may be said of a hidden case: one of a few sentences, for a submission can choose among many.

    Each kind of object that it returns would be a letter in which to write down a hidden input.
    """
    if not reason.startswith("your answer "):
        return reason
    if "holds" in reason:
        return "your answer holds NaN or infinity"
    return "your answer is not what is due: return real numbers, as a number, a list or a numpy array"


def staff_message(case: Case, expectation: Expectation, outcome: oc.Outcome, verdict: Verdict) -> str:
    """Return all about a case: the verdict in the first line, then call, expected, got, traceback, prints."""
    lines = []
    result = outcome.result
    if not isinstance(verdict, Right):
        # On one line, or an exception's text could go on as if it were ours.
        first = f"{call_text(case.call)}: {reveal(verdict)}".replace("\n", " ")
        lines += [first, f"call: {call_text(case.call, 400)}"]
        lines.append(f"expected: {show(expectation.value, 400)}")
        if isinstance(result, oc.Answered):
            lines.append(f"got: {show(result.value, 400)}")
        if isinstance(result, oc.Raised):
            lines.append(result.trace.rstrip())
    if outcome.printed:
        lines.append(f"printed: {outcome.printed.rstrip()}")
    return told("\n".join(lines))


def sentence_of(text: str) -> str:
    """Return `text` on one line, harmless, and ended as a sentence is."""
    line = printable(told(text).replace("\n", " ")).rstrip(" .")
    line = line if len(line) <= _MAX_SENTENCE else f"{line[:_MAX_SENTENCE]}…"
    return line if line.endswith(("?", "!", "…")) else f"{line}."


def call_text(call: Call, limit: int = 60) -> str:
    """Return a call as the student would type it, long arguments cut."""
    return f"{call.function}({', '.join(show(arg, limit) for arg in call.args)})"


def wrong_callees(name: str, uses: Mapping[str, tuple[str, ...]], wrong: Collection[str]) -> tuple[str, ...]:
    """Return the functions of `wrong` that `name` calls, directly or through others of the student's own.

    Args:
        name: a function of the student's.
        uses: for each function, the names that occur in it.
        wrong: the functions that were found wrong.
    """
    seen, waiting = {name}, list(uses.get(name, ()))
    while waiting:
        callee = waiting.pop()
        if callee not in seen:
            seen.add(callee)
            waiting += uses.get(callee, ())
    return tuple(sorted(other for other in seen - {name} if other in wrong))


def load_messages(loading: oc.LoadResult) -> list[str]:
    """Return what the student should know about how the file was loaded."""
    match loading:
        case oc.Unreadable(text, line, column, source):
            return [_unreadable(text, line, column, source)]
        case oc.NotLoaded(failure):
            reason = sentence_of(f"Your file could not be loaded: {_failure(failure)}")
            return [f"{reason} Nothing in it could be called."]
        case oc.Loaded(None, _):
            return []
        case oc.Loaded(failure, skipped):
            return [_incomplete(failure), *_left_out(skipped)]
    raise AssertionError(loading)


def _incomplete(failure: object) -> str:
    return (
        f"{sentence_of(f'The top level of your file does not run to its end: {_failure(failure)}')} "
        "Your definitions were loaded without the rest and are graded as usual; put test code under "
        '`if __name__ == "__main__":`.'
    )


def _left_out(skipped: tuple[oc.Skipped, ...]) -> list[str]:
    """Return what became of the statements that were not loaded."""
    quiet = [str(item.line) for item in skipped if not item.error][:20]
    messages = [f"Left out: line{'s' * (len(quiet) > 1)} {', '.join(quiet)}."] if quiet else []
    return messages + [sentence_of(f"Line {item.line} raised {item.error}") for item in skipped if item.error][:10]


def _unreadable(text: str, line: int, column: int, source: str) -> str:
    where = f", line {line}" if line else ""
    version = ".".join(map(str, sys.version_info[:2]))
    # Without a line it is no question of syntax.
    what = f"Your file is not readable as Python {version}{where}" if line else "Your submission cannot be read"
    message = f"{what}: {text.rstrip('.')}."
    if not source:
        return told(message)
    # The caret stands under the column only if no tab or leading blank before it was changed.
    shown = printable(source)
    pointer = f"\n    {' ' * (column - 1)}^" if 0 < column <= len(shown) + 1 else ""
    return f"{told(message)}\n    {shown}{pointer}"


def _failure(failure: object) -> str:
    match failure:
        case oc.Raised("EOFError", _, line, source):
            return f"line {line}, `{source}`, asks for input, and nobody is there to answer"
        case oc.Raised("SystemExit", _, line, source):
            return f"line {line}, `{source}`, ends the program"
        case oc.Raised(kind, text, line, source):
            where = f"line {line}, `{source}`, raises " if line else "it raises "
            return f"{where}{kind}{': ' + text if text else ''}"
        case oc.TimedOut(limit):
            return f"it did not end within {limit:g} s"
        case oc.OutOfMemory():
            return "it ran out of memory"
        case oc.Crashed(how):
            return how
        case oc.Garbled():
            return "it disturbed the grading"
    raise AssertionError(failure)
