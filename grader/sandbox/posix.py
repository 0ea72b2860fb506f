"""A worker's process on Linux and macOS: in a session of its own, ended with all of its descendants."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence

from grader.sandbox.descendants import Family, peak_memory
from grader.sandbox.pipes import Connect, Process, WorkerEnds, pipes

INSTEAD: dict[str, str] = {}
ENVIRONMENT = {"PYTHONHASHSEED": "0"}


def interpreter() -> str:
    """Return the Python that workers run."""
    return sys.executable


if sys.platform != "win32":

    class PosixChild:
        """One process, from its start to its last descendant's end.

        Attributes:
            pid: its process id.
            channel: to it.

        Args:
            start: starts it on its ends of the pipes, in a session of its own.
            connect: makes the channel.

        Raises:
            OSError: it cannot be started.
        """

        def __init__(self, start: Callable[[WorkerEnds], Process], connect: Connect) -> None:
            with pipes() as (ours, its):
                self._process = start(its)
            self.pid = self._process.pid
            self._family = Family(self.pid)
            self.channel = connect(ours, self._process)

        def bound(self, memory_bytes: int, cpu_seconds: int) -> None:
            """Do nothing: here a process sets limits on itself, and cannot raise them again."""

        def wait(self, seconds: float) -> int | None:
            """Return the exit status, negative for a signal's number; None when it does not end in time."""
            try:
                return self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                return None

        def is_lost(self) -> bool:
            """Whether it has ended because the process that it was forked from has."""
            return bool(getattr(self._process, "lost", False))

        def peak_memory(self) -> int:
            """Return the most address space that it has had, in bytes; 0 where nobody knows."""
            return peak_memory(self.pid)

        def end(self, *, alone: bool) -> None:
            """Kill it with all of its descendants.

            Args:
                alone: it cannot have any, so that nobody need look for them.
            """
            self._family.kill(alone=alone)
            self._process.wait()
            self.channel.close()

    def executed(command: Sequence[str], arguments: Sequence[str], connect: Connect) -> PosixChild:
        """Start an interpreter for one worker.

        Args:
            command: what to exec.
            arguments: what follows the worker's two ends for letters, which are given by their descriptors.
            connect: makes the channel.

        Raises:
            OSError: it cannot be started.
        """

        def start(its: WorkerEnds) -> Process:
            with Family.births:
                process = subprocess.Popen(
                    [*command, str(its.requests), str(its.answers), *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=its.prints,
                    stderr=its.prints,
                    pass_fds=(its.requests, its.answers),
                    env=ENVIRONMENT,
                    cwd="/",
                    start_new_session=True,
                )
                Family(process.pid)
            return process

        return PosixChild(start, connect)
