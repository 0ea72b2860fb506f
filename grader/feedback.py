"""What is said about a case: to the student, who may act on it, and to staff, who may see everything."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from grader import outcome as oc
from grader.findings import Judged
from grader.judge import NoAnswer, Question, Right, Verdict, Wrong
from grader.judge.answers import reveal, seen
from grader.judge.checks import Equals, Present
from grader.judge.presence import is_unwritten
from grader.judge.show import call_text, show
from grader.key import Expectation
from grader.plainly import printable, told
from grader.plan import Call, Case
from grader.report import plain
from grader.worker.source import NO_PYTHON

_MAX_SENTENCE = 600
_MAX_CALLS = 6
_NO_NUMPY = "name 'np' is not defined"


def student_message(case: Case, expectation: Expectation, verdict: Verdict, called: Collection[str]) -> str:
    """Return what the student reads; for a hidden case neither inputs, nor answers, nor the box's words.

    Args:
        case: what was asked.
        expectation: what should have come.
        verdict: on what came.
        called: the student's own functions that this one calls and that are wrong too.
    """
    if Present() in expectation.checks and not isinstance(verdict, Right):
        # The call is no case: it lacks its arguments.
        return sentence_of(reveal(verdict))
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


def unwritten_message(name: str, cases: Iterable[Judged]) -> str:
    """Return the one sentence about a function that only says that it is not written; empty for any other.

    It is a function's in all its cases or in none: as a case's own it could spell out a hidden input.
    """
    unwritten = all(is_unwritten(item.outcomes[0].result) for item in cases)
    return f"`{name}` is not written yet." if unwritten else ""


def _hidden_reason(reason: str) -> str:
    """Return what may be said of a hidden case: one of a few sentences, for a submission can choose among many.

    Each kind of object that it returns would be a letter in which to write down a hidden input.
    """
    where, said, what = reason.partition("your answer ")
    if not said:
        return reason
    if "holds" in what:
        return f"{where}your answer holds NaN or infinity"
    return f"{where}your answer is not what is due: return real numbers, as a number, a list or a numpy array"


def staff_message(judged: Judged, expectation: Expectation) -> str:
    """Return all about a case: the verdict in the first line, then each call, expected, got, traceback, prints."""
    lines = []
    if not isinstance(judged.verdict, Right):
        # On one line, or an exception's text could go on as if it were ours.
        lines.append(f"{call_text(judged.case.call)}: {reveal(judged.verdict)}".replace("\n", " "))
        for call, outcome in zip(judged.case.calls[:_MAX_CALLS], judged.outcomes, strict=False):
            lines += _account(judged.question, call, outcome)
        lines[2:2] = [f"expected: {text}" for text in _expected(expectation)]
        if len(judged.case.calls) > _MAX_CALLS:
            lines.append(f"and {len(judged.case.calls) - _MAX_CALLS} more calls")
    printed = judged.outcomes[0].printed
    if printed:
        lines.append(f"printed: {printed.rstrip()}")
    return told("\n".join(lines))


def _account(question: Question, call: Call, outcome: oc.Outcome) -> list[str]:
    """Say what was called and what came of it."""
    lines = [f"call: {call_text(call, 400)}"]
    if isinstance(outcome.result, oc.Answered):
        lines.append(f"got: {show(seen(question, call, outcome), 400)}")
    if isinstance(outcome.result, oc.Raised):
        lines.append(outcome.result.trace.rstrip())
    return lines


def _expected(expectation: Expectation) -> Iterator[str]:
    for check in expectation.checks:
        for variant in check.variants if isinstance(check, Equals) else ():
            name = f"{variant.name}: " if variant.name else ""
            yield f"{name}{show(variant.value, 400)}"


def followed_message(helpers: Collection[str], earned: Decimal) -> str:
    """Say that a part was asked again with right helpers in the place of the student's."""
    names = " and ".join(f"`{name}`" for name in helpers)
    return f"This part was also run with a right {names} in place of yours: that earns it {plain(earned)} points."


def sentence_of(text: str) -> str:
    """Return `text` on one line, harmless, and ended as a sentence is."""
    line = printable(told(text).replace("\n", " ")).rstrip(" .")
    line = line if len(line) <= _MAX_SENTENCE else f"{line[:_MAX_SENTENCE]}…"
    return line if line.endswith(("?", "!", "…")) else f"{line}."


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


def load_messages(loading: oc.LoadResult, shadowed: Sequence[str] = ()) -> list[str]:
    """Return what the student should know about how the file was loaded.

    Args:
        loading: how that went.
        shadowed: the student's modules that cannot be imported, for Python has one of that name.
    """
    match loading:
        case oc.Unreadable(text, line, column, source):
            return [_unreadable(text, line, column, source)]
        case oc.NotLoaded(failure):
            reason = sentence_of(f"Your file could not be loaded: {_failure(failure)}")
            return [*_shadowed(shadowed), f"{reason} Nothing in it could be called."]
        case oc.Loaded(None, skipped):
            return [*_shadowed(shadowed), *([_SOME_CELLS, *_left_out(skipped)] if skipped else [])]
        case oc.Loaded(failure, skipped):
            told = [item for item in skipped if not _is_of(failure, item)]
            return [*_shadowed(shadowed), _incomplete(failure, shadowed), *_left_out(tuple(told))]
    raise AssertionError(loading)


def _shadowed(names: Sequence[str]) -> list[str]:
    """Say of modules of the student's that they cannot be imported."""
    return [
        f"Your {'folder' if name.endswith('/') else 'module'} `{name}` has the name of a module of "
        f"{'numpy' if name.startswith('numpy') else 'Python'}'s own, which is found first: "
        "rename it, and write the new name where it is imported."
        for name in names
    ]


_SOME_CELLS = (
    "Not every cell of your notebook runs to its end. Of the rest of such a cell only the definitions were "
    "loaded; all other cells are graded as usual."
)


def _incomplete(failure: object, shadowed: Sequence[str]) -> str:
    advice = 'put test code under `if __name__ == "__main__":`'
    match failure:
        case oc.Raised("ModuleNotFoundError"):
            advice = "hand in your own modules with it, and do without libraries that are not installed here"
        case oc.Raised("ImportError", text):
            is_yours = any(f"'{name.rstrip('/').removesuffix('.py')}'" in text for name in shadowed)
            advice = (
                "rename that module of yours" if is_yours else "check that name, and the module that it comes from"
            )
        case oc.Raised("SyntaxError"):
            advice = "mend that line"
        case oc.Raised("NameError", text) if _NO_NUMPY in text:
            advice = "write `import numpy as np` at the top of it"
    return (
        f"{sentence_of(f'The top level of your file does not run to its end: {_failure(failure)}')} "
        f"Your definitions were loaded without the rest and are graded as usual; {advice}."
    )


def _is_of(failure: object, item: oc.Skipped) -> bool:
    """Whether a definition failed as it had before, which has been said."""
    if not isinstance(failure, oc.Raised):
        return False
    return (item.line, item.error) == (failure.line, f"{failure.type_name}: {failure.text}")


def _left_out(skipped: tuple[oc.Skipped, ...]) -> list[str]:
    """Return what became of the statements that were not loaded."""
    ended = [_ended(item) for item in skipped if item.ended]
    quiet = [item for item in skipped if not (item.error or item.ended)][:20]
    messages = [f"Left out: {'; '.join(_places(quiet))}."] if quiet else []
    return ended + messages + [_error(item) for item in skipped if item.error][:10]


def _places(skipped: Sequence[oc.Skipped]) -> Iterator[str]:
    """Yield where statements stand, those of one cell together."""
    for cell, items in itertools.groupby(skipped, lambda item: item.cell):
        lines = [str(item.line) for item in items]
        yield f"{f'cell {cell}, ' * bool(cell)}line{'s' * (len(lines) > 1)} {', '.join(lines)}"


def _ended(item: oc.Skipped) -> str:
    """Say of a statement that it cost the worker, or that from it on others were not risked."""
    place = f"{item.place[:1].upper()}{item.place[1:]}"
    match item.ended:
        case oc.NotAsked(reason):
            return sentence_of(f"From {item.place} on only your definitions were loaded: {reason}")
        case oc.TimedOut(limit):
            return sentence_of(f"{place} was left out: your notebook did not get past it within {limit:g} s")
    return sentence_of(f"{place} was left out: {_failure(item.ended)}")


def _error(item: oc.Skipped) -> str:
    """Say what became of one statement, or of a cell that is no Python."""
    place = item.place[:1].upper() + item.place[1:]
    if item.cell and item.error.startswith(NO_PYTHON):
        why = item.error.removeprefix(NO_PYTHON)
        return sentence_of(f"{place}: this is not Python, and the whole cell was left out: {why}")
    if item.error.startswith("EOFError"):
        return f"{place} asks for input, and nobody is there to answer."
    return sentence_of(
        f"{place} {'ends the program' if item.error.startswith('SystemExit') else f'raised {item.error}'}"
    )


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
