"""What both commands do around their work: signals, faults, exit statuses."""

from __future__ import annotations

import codecs
import errno
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn, TextIO

import typer

from grader.errors import GraderError, HostError, told_by_the_system

INTERRUPTED = 130
TERMINATED = 143
if sys.platform == "win32":
    _HANG_UP = signal.SIGBREAK
else:
    _HANG_UP = signal.SIGHUP


_PLAINER = {"█": "#", "▒": "+", "░": ".", "→": ">", "·": "-", "─": "-", "…": "~", "\N{MINUS SIGN}": "-"}
"""What stands for a character of the tables where the output has none of its kind, as Windows's code page 1252."""


def _plainer(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_PLAINER.get(character, "?") for character in lacking), error.end


codecs.register_error("plainer", _plainer)


class _Terminated(BaseException):
    """SIGTERM or a hang-up came; raised so that what was started is ended on the way out."""


def finish(name: str, work: Callable[[], int]) -> NoReturn:
    """Do a command's work and leave with its exit status; a fault becomes one message on standard error.

    Args:
        name: what the command is called.
        work: returns the exit status.

    Raises:
        Exit: always.
    """
    _open_standard_streams()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character must not cost the result.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="plainer")
    for number in (signal.SIGTERM, _HANG_UP):
        signal.signal(number, _terminate)
    try:
        status = work()
        sys.stdout.flush()
    except GraderError as error:
        status = _say(f"{name}: {error}", error.exit_status)
    except KeyboardInterrupt:
        status = _say(f"{name}: interrupted", INTERRUPTED)
    except _Terminated:
        status = _say(f"{name}: terminated", TERMINATED)
    except BrokenPipeError:
        # Whoever read the output has had enough, as `head` does; there is nobody left to tell.
        sys.stdout = _nowhere()
        status = 0
    except OSError as error:
        # A full disk behind standard output, a working directory that is gone: no fault of the grader's.
        sys.stdout = _nowhere()
        full = error.errno == errno.ENOSPC and error.filename is None
        told = "there is no space left for what is printed" if full else told_by_the_system(error)
        status = _say(f"{name}: {told}", HostError.exit_status)
    raise typer.Exit(status)


def _open_standard_streams() -> None:
    """Open what the caller has closed (`>&-`): a pipe to the box must not get such a descriptor."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  (until the process ends)


def _say(message: str, status: int) -> int:
    try:
        print(message, file=sys.stderr)  # noqa: T201  (a command's voice)
    except OSError:
        # Nobody can be told; the exit status still is.
        sys.stderr = _nowhere()
    return status


def _terminate(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: a second one would end the way out itself.
    for number in (signal.SIGTERM, _HANG_UP):
        signal.signal(number, signal.SIG_IGN)
    raise _Terminated
