"""One call of a student's function, from the name to the letter that answers."""

from __future__ import annotations

import inspect
import sys
import types
from typing import Any

import numpy as np

from grader.wire import Value
from grader.worker import letters
from grader.worker.exceptions import raised
from grader.worker.names import Names

_MAX_NAMES = 500


def call(  # noqa: PLR0913, PLR0917  (a letter's items)
    module: types.ModuleType, names: Names, number: int, function: str, args: list[Value], observe: list[int]
) -> tuple[Value, ...]:
    """Call `function` with `args` and return the letter that tells what happened.

    Args:
        module: the student's.
        names: which of the module's names are the student's own.
        number: of the call; the answer repeats it.
        function: its name.
        args: by position.
        observe: positions of the arguments to send back as they are after the call.
    """
    if not names.owns(module, function):
        return _missing(module, names, number, function)
    target = module.__dict__[function]
    if not callable(target):
        return (letters.NOT_CALLABLE, number, type(target).__name__)
    try:
        value = target(*args)
    except BaseException as error:  # noqa: BLE001  (SystemExit and KeyboardInterrupt end a call, not the worker)
        if isinstance(error, TypeError) and _never_entered(error) and (found := _mismatch(target, args)):
            return (letters.SIGNATURE, number, f"{function}{found}")
        return raised(error, str(module.__file__), number)
    if inspect.iscoroutine(value):
        # Closed, or Python complains at its end that it was never awaited.
        value.close()
    return (letters.RETURNED, number, value, [args[position] for position in observe])


def read(module: types.ModuleType, names: Names, number: int, variable: str) -> tuple[Value, ...]:
    """Return the letter with the value of a module-level `variable`."""
    if not names.owns(module, variable):
        return _missing(module, names, number, variable)
    return (letters.RETURNED, number, module.__dict__[variable], [])


def lend(module: types.ModuleType, sources: dict[str, str]) -> tuple[Value, ...]:
    """Put the course's own helpers in the place of the student's, and return the letter that says so."""
    lent: dict[str, Any] = {"np": np, "numpy": np}
    for name, source in sources.items():
        exec(compile(source, "<lent>", "exec", dont_inherit=True), lent)  # noqa: S102  (the course's code)
        module.__dict__[name] = lent[name]
    return (letters.LENT,)


def _missing(module: types.ModuleType, names: Names, number: int, name: str) -> tuple[Value, ...]:
    defined = [other for other in list(module.__dict__) if names.owns(module, other)]
    star = names.star_source(module, name)
    return (letters.MISSING, number, [other for other in defined if other[:1] != "_"][:_MAX_NAMES], star)


def _never_entered(error: BaseException) -> bool:
    """Whether the call failed before the function's first line: the traceback ends in `call`."""
    return error.__traceback__ is not None and error.__traceback__.tb_next is None


def _mismatch(target: Any, args: list[Value]) -> str:
    """Return the function's own signature when it does not take `args`; empty when it does, or nobody knows."""
    try:
        signature = _signature(target)
    except Exception:  # noqa: BLE001  (whatever a student has put there may raise anything)
        return ""
    try:
        signature.bind(*args)
    except TypeError:
        return _shown(signature)[:200]
    return ""


if sys.version_info >= (3, 14):
    from annotationlib import Format

    def _signature(target: Any) -> inspect.Signature:
        # Annotations are evaluated when they are asked for, and a name in them may be missing; their text is not.
        return inspect.signature(target, annotation_format=Format.STRING)

    def _shown(signature: inspect.Signature) -> str:
        return signature.format(quote_annotation_strings=False)

else:
    _signature, _shown = inspect.signature, str
