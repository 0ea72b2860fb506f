"""Trusted functions tried on a case's calls: what the judge would see if a student had written them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader import outcome as oc
from grader.judge import Question
from grader.judge.answers import seen
from grader.plan import Call, Earlier
from grader.wire import Value, WireError, decode, encode

Functions = Mapping[str, Callable[..., Any]]
_FLOAT: np.dtype[Any] = np.dtype("=f8")
_AXES, _SMALL = 4, 1000


class TrialError(Exception):
    """A call did not come to an answer; says why, in words that fit after the function's name."""


def outcomes(calls: tuple[Call, ...], functions: Functions) -> tuple[oc.Outcome, ...]:
    """Return what came of a case's calls.

    Args:
        calls: in their order.
        functions: by name; each of those that are called.

    Raises:
        TrialError: a call raises, or its answer cannot be kept.
    """
    made: list[oc.Outcome] = []
    for call in calls:
        made.append(_outcome(call, functions[call.function], made))
    return tuple(made)


def _outcome(call: Call, function: Callable[..., Any], before: list[oc.Outcome]) -> oc.Outcome:
    args = [answered(before[arg.call]).value if isinstance(arg, Earlier) else arg for arg in call.args]
    printed = io.StringIO()
    sent = _passed(args, "takes what cannot be sent")
    try:
        with contextlib.redirect_stdout(printed):
            value = function(*sent)
    except (Exception, SystemExit) as error:
        raise TrialError(f"raises {type(error).__name__}: {error}") from error
    value = _passed(value, "returns what cannot be kept")
    after = [sent[position] for position in call.observe]
    observed = _passed(after, "changes its arguments into what cannot be kept")
    return oc.Outcome(oc.Answered(value, tuple(observed)), printed=printed.getvalue())


def _passed(value: Value, otherwise: str) -> Value:
    """Return `value` as it comes out at the other end of the wire.

    Raises:
        TrialError: it is too large for the wire; says so in words that begin with `otherwise`.
    """
    # Most of a rubric's values by far, and what the wire makes of them.
    if type(value) is list and all(map(_is_plain, value)):
        return [item.copy() if type(item) is np.ndarray else item for item in value]
    if _is_plain(value):
        return value.copy() if type(value) is np.ndarray else value
    try:
        return decode(encode(value), writable=True)
    except WireError as error:
        raise TrialError(f"{otherwise}: {error}") from error


def _is_plain(value: Value) -> bool:
    """Whether the wire is known to give `value` back as a copy: a float, or a small array of these."""
    if type(value) is np.ndarray:
        return bool(value.dtype == _FLOAT and value.ndim <= _AXES and 0 < value.size <= _SMALL)
    return type(value) is float


def answered(outcome: oc.Outcome) -> oc.Answered:
    """Return the result of a trial's outcome: a trial has no others."""
    assert isinstance(outcome.result, oc.Answered)
    return outcome.result


def judged(question: Question, found: tuple[oc.Outcome, ...]) -> tuple[Value, ...]:
    """Return what is judged of each call."""
    return tuple(seen(question, call, outcome) for call, outcome in zip(question.calls, found, strict=True))
