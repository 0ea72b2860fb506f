"""A worker's process on Windows: started with no handle but its pipes', held and ended by a job object."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grader.sandbox.job import Job
from grader.sandbox.pipes import Connect, WorkerEnds, pipes

if sys.platform == "win32":
    import msvcrt

# What is done from outside, by the layers that a worker cannot put up here.
INSTEAD: Final = {
    "descriptors": "the worker is handed its pipes and nothing else",
    "session": "the worker has no console",
    "parent": "a job object ends the worker when the grader ends",
    "limits": "a job object bounds the worker's memory and processor time, and lets it start no process",
}

# What Windows leaves as the exit status of a process that did not end by itself, in the words of other systems.
_SIGNALS: Final = {
    0xC0000005: signal.SIGSEGV,  # access violation
    0xC00000FD: signal.SIGSEGV,  # stack overflow
    0xC0000374: signal.SIGABRT,  # heap corruption
    0xC0000409: signal.SIGABRT,  # fail-fast, which abort() is
    0xC000001D: signal.SIGILL,  # illegal instruction
    0xC0000094: signal.SIGFPE,  # integer division by zero
}


def interpreter() -> str:
    """Return the Python that workers run.

    In a virtual environment, `sys.executable` starts that one and waits: two processes for one. What an
    environment adds, folders with packages, a worker is told.
    """
    return str(getattr(sys, "_base_executable", sys.executable))


class WindowsChild:
    """One process, alone in a job object that ends with this process.

    Attributes:
        pid: its process id.
        channel: to it.

    Args:
        command: what to start.
        arguments: what follows the worker's two ends for letters, which are given by their handles.
        connect: makes the channel.

    Raises:
        OSError: it cannot be started, or the job does not take it.
    """

    def __init__(self, command: Sequence[str], arguments: Sequence[str], connect: Connect) -> None:
        with pipes() as (ours, its), contextlib.ExitStack() as undo:
            self._job = Job()
            undo.callback(self._job.end)
            self._process = _start(command, arguments, its)
            undo.callback(self._process.wait)
            undo.callback(self._process.kill)
            # No line of a submission's has run by now: those come by letters.
            self._job.hold(self._process.pid)
            undo.pop_all()
        self.pid = self._process.pid
        self.channel = connect(ours, self._process)

    def bound(self, memory_bytes: int, cpu_seconds: int) -> None:
        """Bound the memory and the processor time that it may use.

        Raises:
            OSError: the job refuses.
        """
        self._job.limit(memory_bytes, cpu_seconds)

    def wait(self, seconds: float) -> int | None:
        """Return the exit status, negative for a signal's number; None when it does not end in time."""
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return -_SIGNALS[status] if status in _SIGNALS else status

    def is_lost(self) -> bool:
        """Whether it has ended because another process has: nothing here starts it but the grader."""
        return False

    def peak_memory(self) -> int:
        """Return the most memory that it has had for itself, in bytes; 0 where nobody knows."""
        return self._job.peak_memory()

    def end(self, *, alone: bool) -> None:  # noqa: ARG002  (the job ends all that there may be)
        """End all that is in its job."""
        self._job.end()
        self._process.wait()
        self.channel.close()


def _start(command: Sequence[str], arguments: Sequence[str], its: WorkerEnds) -> subprocess.Popen[bytes]:
    """Start the process; it inherits two handles for letters, three standard ones and no other."""
    if sys.platform == "win32":
        handles = [msvcrt.get_osfhandle(descriptor) for descriptor in (its.requests, its.answers)]
        for handle in handles:
            os.set_handle_inheritable(handle, True)
        return subprocess.Popen(
            [*command, *map(str, handles), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=its.prints,
            stderr=its.prints,
            startupinfo=subprocess.STARTUPINFO(lpAttributeList={"handle_list": handles}),
            # No console: it cannot be typed into, and what Ctrl+C means is for the grader to know.
            creationflags=subprocess.DETACHED_PROCESS,
            # Without SYSTEMROOT, libraries of the system's do not load.
            env={"PYTHONHASHSEED": "0", "SYSTEMROOT": os.environ.get("SYSTEMROOT", r"C:\Windows")},
            cwd=Path(sys.executable).anchor,
        )
    raise OSError("only Windows passes handles on")
