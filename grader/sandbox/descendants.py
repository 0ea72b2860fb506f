"""Everything that a process has started, found through /proc and ended."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")
_ROUNDS = 50
_PR_SET_CHILD_SUBREAPER = 36


class _Entry(NamedTuple):
    parent: int
    session: int
    state: str


def adopt_orphans() -> None:
    """Make this process the parent of its descendants' orphans (Linux), so that none can slip away to init."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415  (only here)

        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Family:
    """A process and its descendants.

    Args:
        root: its process id; it leads a session of its own.
    """

    def __init__(self, root: int) -> None:
        self._root = root
        # Children that this process had before are none of the family.
        self._others = {pid for pid, entry in _table().items() if entry.parent == os.getpid()} - {root}

    def kill(self) -> None:
        """Kill every member, and go on until none is left to start another."""
        for _ in range(_ROUNDS):
            members = self._members()
            with contextlib.suppress(OSError):
                os.killpg(self._root, signal.SIGKILL)
            for pid in members:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            self._reap(members)
            if not members:
                return

    def _members(self) -> set[int]:
        table = _table()
        me = os.getpid()
        mine = os.getsid(0)
        # An orphan comes to this process; one that was started here as usual shares this process's session.
        orphans = {
            pid
            for pid, entry in table.items()
            if entry.parent == me and entry.session != mine and pid not in self._others
        }
        members = (orphans | {self._root}) & set(table)
        while more := {pid for pid, entry in table.items() if entry.parent in members} - members:
            members |= more
        return {pid for pid in members if table[pid].state not in {"Z", "X"} or table[pid].parent == me} - {self._root}

    def _reap(self, members: set[int]) -> None:
        for pid in members:
            with contextlib.suppress(OSError):
                os.waitpid(pid, os.WNOHANG)


def _table() -> dict[int, _Entry]:
    """Return every process's parent, session and state; empty where there is no /proc."""
    table = {}
    for folder in _PROC.glob("[0-9]*") if sys.platform == "linux" else ():
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The name between parentheses may hold anything; the fields after its last parenthesis may not.
            fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
            table[int(folder.name)] = _Entry(int(fields[1]), int(fields[3]), fields[0].decode())
    return table
