"""Resource limits: address space, processor time, file size, descriptors, processes.

They bind this process and are set hard, so that only root could raise them; the filter refuses raising, too.
The stack is left alone: its limit also moves the place of every mapping, and Python bounds its own recursion.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

if sys.platform != "win32":
    import resource

GRACE_SECONDS = 1  # between the signal that can be caught (SIGXCPU) and the one that cannot


@dataclass(frozen=True)
class Limits:
    """The bounds; None leaves one as it is."""

    memory_bytes: int | None = 1 << 30
    cpu_seconds: int | None = None
    file_bytes: int = 0  # a regular file may not grow; pipes do not count
    open_files: int = 64
    processes: int = 0  # the limit counts all of a uid's, so any number but none is a race; root is exempt


def enforce(limits: Limits) -> str:
    """Set every limit that this system has.

    Returns:
        What is bounded, and what this system would not bound.
    """
    if sys.platform == "win32":
        return "none here"
    wanted = {
        "AS": limits.memory_bytes,
        "FSIZE": limits.file_bytes,
        "NOFILE": limits.open_files,
        "NPROC": limits.processes,
        "CORE": 0,
        "MEMLOCK": 0,
        "MSGQUEUE": 0,
    }
    done: list[str] = []
    refused: list[str] = []
    for name, value in wanted.items():
        if value is not None:
            (done if _lower(name, value, value) else refused).append(f"{name} {value}")
    if limits.cpu_seconds is not None:
        is_set = _lower("CPU", limits.cpu_seconds, limits.cpu_seconds + GRACE_SECONDS)
        (done if is_set else refused).append(f"CPU {limits.cpu_seconds}")
    return ", ".join(done) + (f"; refused here: {', '.join(refused)}" if refused else "")


def _lower(name: str, soft: int, hard: int) -> bool:
    """Set one limit, never above what is already the most; False where the system has or takes no such limit."""
    if sys.platform != "win32":
        which: int | None = getattr(resource, f"RLIMIT_{name}", None)
        if which is None:  # macOS has no MSGQUEUE
            return False
        most = resource.getrlimit(which)[1]
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        try:
            resource.setrlimit(which, (soft, hard))
        except (OSError, ValueError):
            if sys.platform == "linux":
                raise
            return False  # macOS refuses AS
        return True
    return False
