"""An exception of the student's code, told in a bounded number of words."""

from __future__ import annotations

import linecache
import traceback
import types

from grader.wire import Value
from grader.worker import letters

_MAX_TEXT = 1000
_MAX_TRACE = 8000
_MAX_FRAMES = 20


def describe(error: BaseException, file: str) -> tuple[Value, ...]:
    """Return (type, text, line, source line, traceback); the line is the last one within `file`, 0 if none is."""
    line = 0
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == file:
            line = step.tb_lineno
        step = step.tb_next
    return (
        type(error).__name__[:100],
        _safely(lambda: str(error))[:_MAX_TEXT],
        line,
        linecache.getline(file, line).strip()[:200] if line else "",
        _safely(lambda: _trace(error, file))[-_MAX_TRACE:],
    )


def raised(error: BaseException, file: str, *number: int) -> tuple[Value, ...]:
    """Return the letter that tells `error`: out of memory is a kind of its own."""
    if isinstance(error, MemoryError):
        return (letters.MEMORY, *number)
    return (letters.RAISED, *number, *describe(error, file))


def _trace(error: BaseException, file: str) -> str:
    """Format the traceback from the first frame within `file` on: the frames before it are ours."""
    start: types.TracebackType | None = error.__traceback__
    while start is not None and start.tb_frame.f_code.co_filename != file:
        start = start.tb_next
    return "".join(traceback.format_exception(type(error), error, start, limit=-_MAX_FRAMES))


def _safely(tell: object) -> str:
    # str() of a student's exception runs the student's code.
    try:
        return str(tell()) if callable(tell) else ""
    except BaseException as failure:  # noqa: BLE001
        return f"(cannot be told: {type(failure).__name__})"
