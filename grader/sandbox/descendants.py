"""Everything that a process has started, found through /proc and ended."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")
_ROUNDS = 100


class _Entry(NamedTuple):
    state: str
    parent: int
    session: int
    started: int


class Family:
    """A process that leads its own session, and all its descendants, wherever they have gone.

    Args:
        root: its process id; a child of this process.
    """

    def __init__(self, root: int) -> None:
        self._root = root
        entry = _entry(root)
        self._started = entry.started if entry else 0

    def kill(self, spared: Collection[int] = ()) -> None:
        """Kill every member, and go on until none is left to start another; the root is left to be waited for.

        Args:
            spared: children of this process that are no members although they lead their own sessions.
        """
        self._signal(self._root)
        for _ in range(_ROUNDS):
            members = self._members(spared)
            if not members:
                return
            for pid in members:
                self._signal(pid)
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)

    def _signal(self, pid: int) -> None:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        if pid == self._root and sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)

    def _members(self, spared: Collection[int]) -> set[int]:
        table = _table()
        me, session = os.getpid(), table[os.getpid()].session if table else 0
        # An orphan comes to this process; it is younger than the root, and in another session than ours.
        members = {
            pid
            for pid, entry in table.items()
            if entry.parent == me
            and entry.session != session
            and entry.started >= self._started
            and pid not in spared
        } | {self._root}
        while more := {pid for pid, entry in table.items() if entry.parent in members} - members:
            members |= more
        return members - {self._root}


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
