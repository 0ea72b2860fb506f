"""A check of the course's own: its function is run on a student's values, here, where it is trusted."""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.deadline import OverdueError, within
from grader.judge.checks import Checked
from grader.judge.verdict import NeedsReview, Right, Wrong
from grader.plainly import told
from grader.wire import Value, WireError, decode, encode

_SECONDS = 5.0
_LEAST_SECONDS = 0.5
# What is left to a check that did not come to its end for this submission: many cases must not take minutes.
_allowed: dict[Checked, float] = {}


def begin_submission() -> None:
    """Give every check its whole time again: no submission is to suffer for the one before it."""
    _allowed.clear()


def consult(check: Checked, answer: Value, args: Mapping[str, Value]) -> Right | Wrong | NeedsReview:
    """Return what `check` says; when it fails itself, a person must look, for that is no fault of the student's.

    It fails, too, when it does not come to an end: an answer that its author did not foresee must stop no class.

    The function is called as `name(answer, args)`, with copies, and returns True, False, or a text that says what
    is wrong.
    """
    try:
        copies = decode(encode((answer, dict(args))), writable=True)
    except WireError:
        return Wrong("your answer holds objects that are no numbers, lists or arrays")
    try:
        said = within(_allowed.get(check, _SECONDS), lambda: function_of(check)(*copies))
    except OverdueError as error:
        _allowed[check] = max(error.seconds / 2, _LEAST_SECONDS)
        text = f"the course's check `{check.name}` does not come to an end within {error.seconds:g} s"
        return NeedsReview(f"{text}; a person must look")
    except (Exception, SystemExit) as error:  # noqa: BLE001  (an author's code may raise anything)
        text = f"the course's check `{check.name}` failed ({type(error).__name__}: {error}); a person must look"
        return NeedsReview(told(text))
    if isinstance(said, (bool, np.bool_)) and said:
        return Right()
    if isinstance(said, (bool, np.bool_, str)):
        return Wrong("the answer does not do what the task asks", str(said) if isinstance(said, str) else "")
    return NeedsReview(f"the course's check `{check.name}` returned neither True, False nor a text")


@functools.lru_cache(maxsize=64)
def function_of(check: Checked) -> Callable[..., Any]:
    """Return the function that `check` names.

    Raises:
        LookupError: its file has none of this name.
        Exception: whatever its file raises.
    """
    module = types.ModuleType(f"checker_{check.file.removesuffix('.py')}")
    # Dataclasses and typing look a class's module up by its name.
    sys.modules[module.__name__] = module
    exec(compile(check.source, check.file, "exec", dont_inherit=True), module.__dict__)  # noqa: S102  (trusted code of the course)
    function = getattr(module, check.name, None)
    if not callable(function):
        raise LookupError(f"{check.file} has no function `{check.name}`")  # noqa: TRY004  (a name is missing)
    return function  # type: ignore[no-any-return]
