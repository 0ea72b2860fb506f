"""Everything that a process has started, found through /proc and ended."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import ClassVar, NamedTuple

_PROC = Path("/proc")
_ROUNDS = 100
_END_SECONDS, _PAUSE_SECONDS = 1.0, 0.002


class _Entry(NamedTuple):
    state: str
    parent: int
    session: int
    started: int


# The root of every family that has not been killed, and when it started: that and its id are its own for ever.
_living: dict[int, int] = {}


class Family:
    """A process that leads its own session, and all its descendants, wherever they have gone.

    Nothing tells an orphan that has come to this process from a child that this process has started itself, in a
    session of its own and after the root, but that such a child is the root of another family. Who uses this
    package and starts other processes in that way while a submission runs, should start them from another process.

    Attributes:
        births: to be held from the start of a root until its family is made, lest another thread take it for an
            orphan.

    Args:
        root: its process id; a child of this process, or of one of its children.
    """

    births: ClassVar = threading.RLock()

    def __init__(self, root: int) -> None:
        self._root = root
        entry = _entry(root)
        self._started = entry.started if entry else 0
        _living[root] = self._started

    def forget(self) -> None:
        """Take note that the root has ended by itself."""
        _living.pop(self._root, None)

    def kill(self, *, alone: bool = False) -> None:
        """Kill every member, and go on until none is left to start another; the root is left to be waited for.

        Args:
            alone: the root is the only member.
        """
        self.forget()
        self._signal(self._root)
        for _ in range(0 if alone else _ROUNDS):
            with self.births:
                members = self._members()
            if not members:
                return
            for pid in members:
                self._signal(pid)
                _reap(pid)

    def _signal(self, pid: int) -> None:
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            if pid == self._root:
                with contextlib.suppress(OSError):
                    os.killpg(pid, signal.SIGKILL)

    def _members(self) -> set[int]:
        table = _table()
        me, session = os.getpid(), table[os.getpid()].session if table else 0
        # An orphan comes to this process; it is younger than the root, and in another session than ours.
        members = {
            pid
            for pid, entry in table.items()
            if entry.parent == me
            and entry.session != session
            and entry.started >= self._started
            and _living.get(pid) != entry.started
        } | {self._root}
        while more := {pid for pid, entry in table.items() if entry.parent in members} - members:
            members |= more
        return members - {self._root}


def _reap(pid: int) -> None:
    if sys.platform != "win32":
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def ticks() -> int:
    """Return what the start of a process would be said to be now."""
    if sys.platform == "linux":
        return int(time.clock_gettime(time.CLOCK_BOOTTIME) * os.sysconf("SC_CLK_TCK"))
    return 0


def reap_orphans(since: int) -> None:
    """Wait for orphans that came to this process, were started since then, and of which nobody knows.

    They end by themselves, and soon.
    """
    deadline = time.monotonic() + _END_SECONDS
    while True:
        with Family.births:
            table = _table()
        me, session = os.getpid(), table[os.getpid()].session if table else 0
        unknown = [
            pid
            for pid, entry in table.items()
            if entry.parent == me
            and entry.session != session
            and entry.started >= since
            and _living.get(pid) != entry.started
        ]
        for pid in unknown:
            _reap(pid)
        if all(table[pid].state == "Z" for pid in unknown) or time.monotonic() > deadline:
            return
        time.sleep(_PAUSE_SECONDS)


def _table() -> dict[int, _Entry]:
    """Return every process; empty where there is no /proc."""
    if sys.platform != "linux":
        return {}
    pids = [int(folder.name) for folder in _PROC.iterdir() if folder.name.isdecimal()]
    found = ((pid, _entry(pid)) for pid in pids)
    return {pid: entry for pid, entry in found if entry is not None}


def _entry(pid: int) -> _Entry | None:
    try:
        status = (_PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return None
    # The name between parentheses may hold anything; what follows its last parenthesis may not.
    fields = status.rpartition(b")")[2].split()
    return _Entry(fields[0].decode(), int(fields[1]), int(fields[3]), int(fields[19]))


def peak_memory(pid: int) -> int:
    """Return the most address space that a living process has had, in bytes; 0 where nobody knows."""
    try:
        status = (_PROC / str(pid) / "status").read_text()
    except OSError:
        return 0
    peak = next((line.split()[1] for line in status.splitlines() if line.startswith("VmPeak:")), "0")
    return int(peak) * 1024


def exit_descriptor(pid: int) -> int | None:
    """Return a descriptor that is readable once the process has ended; None where there is no such thing."""
    if sys.platform != "linux":
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None
