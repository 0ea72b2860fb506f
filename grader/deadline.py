"""A limit on the time of the course's own code: it is trusted, but need not come to an end.

On a process's main thread a timer's signal ends it. Elsewhere, and where there is no such signal, another thread
does it, which is left behind and told to end. Either comes between two steps of Python: what does not return from
a library goes on.
"""

from __future__ import annotations

import contextvars
import ctypes
import signal
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

_LEAST_SECONDS = 10.0
_TIMES = 3.0
# Who swallows the first is sent another.
_AGAIN_SECONDS = 1.0

_T = TypeVar("_T")


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


def within(seconds: float, work: Callable[[], _T]) -> _T:
    """Return what `work` returns, or raise what it raises, if that takes at most so many seconds.

    There is one timer: work that is limited must not limit a part of itself.

    Raises:
        OverdueError: it takes longer.
    """
    if sys.platform != "win32" and threading.current_thread() is threading.main_thread():
        return _by_signal(seconds, work)
    return _by_thread(seconds, work)


if sys.platform != "win32":

    def _by_signal(seconds: float, work: Callable[[], _T]) -> _T:
        def ring(_number: int, frame: object) -> None:
            # Not here, between the end of the work and that of the timer: nobody would stop it.
            if getattr(getattr(frame, "f_code", None), "co_filename", "") != __file__:
                raise OverdueError(seconds)

        handler = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
        try:
            return work()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, handler)


def _by_thread(seconds: float, work: Callable[[], _T]) -> _T:
    done: list[_T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001  (raised again where the result is awaited)
            failed.append(error)

    # What is set for this context, such as numpy's way with division by zero, holds for the work, too.
    thread = threading.Thread(target=contextvars.copy_context().run, args=(run,), daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        threading.Thread(target=_end, args=(thread,), daemon=True).start()
        raise OverdueError(seconds)
    if failed:
        raise failed[0]
    return done[0]


def _end(thread: threading.Thread) -> None:
    number = thread.ident or 0
    while thread.is_alive():
        frame = sys._current_frames().get(number)  # noqa: SLF001  (there is no other way to see where it is)
        # Not while it may hold a lock of Python's own for threads, which nobody would give back.
        if frame is not None and frame.f_code.co_filename not in {threading.__file__, __file__}:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(number), ctypes.py_object(OverdueError))
        thread.join(_AGAIN_SECONDS)
