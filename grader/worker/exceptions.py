"""An exception of the student's code, told in a bounded number of words."""

from __future__ import annotations

import linecache
import os
import re
import sys
import traceback
import types

import numpy as np

from grader.wire import Value
from grader.worker import letters

_MAX_TEXT = 1000
_MAX_TRACE = 8000
_MAX_FRAMES = 20

# What an ImportError adds, where a module lies: of the student's own the path is relative.
_ORIGIN = re.compile(r" \((?:/|[A-Za-z]:\\)[^()]*\)$")


def _above(path: str) -> str:
    return path.rpartition(os.sep)[0]


# Python's own folders and those of libraries, the longest first; a system's /usr tells nobody anything.
_FOLDERS = sorted(
    {
        folder
        for inside in (_above(os.__file__), _above(_above(np.__file__)), _above(sys.executable))
        for folder in (inside, _above(inside))
        if folder.count(os.sep) > 2
    },
    key=len,
    reverse=True,
)


def _without_folders(text: str, *, of_import: bool) -> str:
    """Return an exception's text without paths of the machine that the code runs on."""
    if of_import:
        text = _ORIGIN.sub("", text)
    for folder in _FOLDERS:
        text = text.replace(f"{folder}{os.sep}", f"<Python>{os.sep}")
    here = _safely(os.getcwd)
    return text.replace(f"{here}{os.sep}", "") if here.count(os.sep) > 1 else text


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
        _without_folders(_safely(lambda: str(error))[: 2 * _MAX_TEXT], of_import=isinstance(error, ImportError))[
            :_MAX_TEXT
        ],
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
