"""What a process can do about itself: own session, death with the parent, not dumpable, no new privileges."""

from __future__ import annotations

import os
import signal
import sys

from grader.worker.wall import kernel


class ParentGoneError(Exception):
    """The parent died before the child could ask to die with it."""


def own_session() -> str:
    """Leave the parent's session and process group, so that the terminal's and the group's signals miss us.

    The parent can then end the whole group, whatever is in it.
    """
    if sys.platform != "win32" and os.getsid(0) != os.getpid():
        os.setsid()
    return "own session and process group"


def die_with(parent: int) -> str:
    """Be killed when the *thread* that started us ends (Linux counts threads, not processes).

    It must come after every change of identity and every new user namespace: both make the kernel forget it.

    Raises:
        ParentGoneError: it has ended already.
        OSError: the kernel refuses.
    """
    if sys.platform == "linux":
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if sys.platform != "win32" and os.getppid() != parent:  # it died in between: no signal will come
        raise ParentGoneError(f"process {parent} has ended")
    return f"killed when process {parent} ends"


def set_dumpable(dumpable: bool) -> str:
    """Allow or forbid others of our uid to trace us and read our memory.

    Forbidden, /proc/self belongs to root: whoever must still write uid_map does that before.
    """
    kernel.prctl(kernel.PR_SET_DUMPABLE, int(dumpable))
    return "traceable" if dumpable else "no tracing, no core, /proc/self is root's"


def no_new_privileges() -> str:
    """No set-uid program can lift us; Landlock and seccomp ask for it."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    return "set"


def threads() -> int | None:
    """How many threads this process has, or None where it cannot be known."""
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208  a Path for each would cost more
    except OSError:
        return None
