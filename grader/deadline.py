"""A limit on the time of the course's own code: it is trusted, but need not come to an end.

On a process's main thread a timer's signal ends it; elsewhere, and where there is no such signal, an exception
that is sent to the thread does. Either comes between two steps of Python: what does not return from a library goes
on.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator

_LEAST_SECONDS = 10.0
_TIMES = 3.0
# Who swallows the first is sent another.
_AGAIN_SECONDS = 1.0


class OverdueError(BaseException):
    """The time is up. No `Exception`: what catches any of those must not go on for ever.

    Attributes:
        seconds: how many there were.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(f"no end within {seconds:g} s")
        self.seconds = seconds


def patience(seconds: float) -> float:
    """Return how long the course's own function may take where a student's may take `seconds`."""
    return max(_LEAST_SECONDS, _TIMES * seconds)


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Let what is done in this context take so many seconds.

    Raises:
        OverdueError: it takes longer.
    """
    by_signal = sys.platform != "win32" and threading.current_thread() is threading.main_thread()
    try:
        with _by_signal(seconds) if by_signal else _by_exception(seconds):
            yield
    except OverdueError:
        raise OverdueError(seconds) from None


@contextlib.contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    if sys.platform == "win32":
        return

    def ring(_number: int, _frame: object) -> None:
        raise OverdueError

    handler = signal.signal(signal.SIGALRM, ring)
    outer = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *outer)
        signal.signal(signal.SIGALRM, handler)


@contextlib.contextmanager
def _by_exception(seconds: float) -> Iterator[None]:
    import ctypes  # noqa: PLC0415  (most never need it)

    thread, ended, sending = ctypes.c_ulong(threading.get_ident()), threading.Event(), threading.Lock()

    def watch() -> None:
        left = seconds
        while not ended.wait(left):
            with sending:
                if not ended.is_set():
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(OverdueError))
            left = _AGAIN_SECONDS

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        with sending:
            ended.set()
            # What has been sent and has not come is taken back.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)
        watcher.join()
