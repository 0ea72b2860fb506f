"""Workers from a zygote that is there when it is needed, on Linux."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Sequence

from grader.sandbox.descendants import exit_descriptor
from grader.sandbox.pipes import Connect
from grader.wire import Value

_ATTEMPTS = 3

if sys.platform == "linux":
    from grader.sandbox.posix import PosixChild
    from grader.sandbox.zygote import Twin, Zygote, ZygoteGoneError

    def nursery(command: Sequence[str], arguments: Sequence[str], wall: Callable[[], Value]) -> Nursery | None:
        """Return what forks workers, or None where nothing says when a process that is no child of ours has ended.

        Args:
            command: what to exec.
            arguments: what follows the zygote's own.
            wall: returns the letter that says which wall to prepare.
        """
        descriptor = exit_descriptor(os.getpid())
        if descriptor is None:
            return None
        os.close(descriptor)
        return Nursery(command, arguments, wall)

    class Nursery:
        """Forks workers from a zygote that is started when it is needed, and started again when it has died.

        Several threads may use it at a time.
        """

        def __init__(self, command: Sequence[str], arguments: Sequence[str], wall: Callable[[], Value]) -> None:
            self._command, self._arguments, self._wall = command, arguments, wall
            self._lock = threading.Lock()
            self._zygote: Zygote | Twin | None = None

        def warm_up(self) -> Zygote | Twin:
            """Start the zygote, unless it is there already, and return it.

            Raises:
                OSError: it cannot be started.
            """
            with self._lock:
                # After a fork of this process, the zygote is the other one's.
                if self._zygote is None or self._zygote.owner != os.getpid():
                    self._zygote = Zygote(self._command, self._arguments, self._wall())
                return self._zygote

        def inherit(self, elder: Nursery) -> None:
            """Let the zygote of `elder` fork one for a fork of this process, which then calls `settle`."""
            # Where that fails, a zygote is executed there.
            with contextlib.suppress(OSError):
                self._zygote = Twin(elder.warm_up())

        def settle(self) -> None:
            """Take over, in a fork of the process that has inherited it, the zygote."""
            if self._zygote is not None:
                self._zygote.owner = os.getpid()

        def fork(self, connect: Connect) -> PosixChild:
            """Return a worker; a zygote that has died is replaced.

            Raises:
                ZygoteGoneError: it ends as soon as it is started, again and again.
                OSError: the machine cannot start another process.
            """
            for left in reversed(range(_ATTEMPTS)):
                zygote = self.warm_up()
                try:
                    return PosixChild(zygote.fork, connect)
                except ZygoteGoneError:
                    self._drop(zygote)
                    if not left:
                        raise
            raise AssertionError("the last attempt returns or raises")

        def close(self) -> None:
            """End the zygote, and with it all of its workers; may be called twice."""
            if self._zygote is not None:
                self._drop(self._zygote)

        def _drop(self, zygote: Zygote | Twin) -> None:
            with self._lock:
                # Another thread may have replaced it by now.
                if self._zygote is zygote:
                    self._zygote = None
            zygote.close()
