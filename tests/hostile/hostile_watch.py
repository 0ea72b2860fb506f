"""Processes: who descends from us, what a process may use, and ending whatever is left."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

_LIMITS = [getattr(resource, name) for name in sorted(dir(resource)) if name.startswith("RLIMIT_")]


def standing(pid: int) -> dict[str, Any]:
    """Return the limits, the priority and the processors of a process: nobody else's to change."""
    limits = {}
    for which in _LIMITS:
        with contextlib.suppress(OSError, ValueError):
            limits[str(which)] = resource.prlimit(pid, which)
    return {
        "limits": limits,
        "priority": os.getpriority(os.PRIO_PROCESS, pid),
        "processors": sorted(os.sched_getaffinity(pid)),
        "scheduler": os.sched_getscheduler(pid),
        "oom": Path(f"/proc/{pid}/oom_score_adj").read_text().strip(),
    }


def descendants(pid: int) -> dict[int, str]:
    """Return all that descend from `pid`, each with its command; the dead ones that nobody waits for, too."""
    parents: dict[int, int] = {}
    names: dict[int, str] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with contextlib.suppress(OSError):
                text = (folder / "stat").read_text(errors="replace")
                parents[int(folder.name)] = int(text.rpartition(")")[2].split()[1])
                names[int(folder.name)] = text.partition("(")[2].rpartition(")")[0]
    found: dict[int, str] = {}
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        for child, its_parent in parents.items():
            if its_parent == parent and child not in found:
                found[child] = names[child]
                waiting.append(child)
    return found


def reap(spared: Collection[int]) -> None:
    """Wait for the children that have ended, but for those that somebody else waits for."""
    for pid in descendants(os.getpid()):
        if pid not in spared:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def settle(count: Callable[[], int], most: int, seconds: float) -> bool:
    """Wait until `count` is no more than `most`; False when it stays above."""
    deadline = time.monotonic() + seconds
    while count() > most:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def end_all(spared: Collection[int]) -> None:
    """Kill every descendant of ours, again and again, until none is left to start another."""
    for _ in range(200):
        left = [pid for pid in descendants(os.getpid()) if pid not in spared]
        if not left:
            return
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        reap(spared)
        time.sleep(0.005)
