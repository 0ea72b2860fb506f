"""The worker's own resource limits, set before a line of the student's runs."""

from __future__ import annotations

import sys


def limit_memory(memory: int, cpu_seconds: int) -> None:
    """Bound address space, processor time, files and descriptors of this process, for good.

    Args:
        memory: bytes of address space.
        cpu_seconds: seconds of processor time; the parent's clock ends a submission long before.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  (not on every platform)

    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CPU: cpu_seconds,
    }
    if sys.platform == "linux":
        # macOS refuses a bound on the address space.
        limits[resource.RLIMIT_AS] = memory
    for which, most in limits.items():
        hard = resource.getrlimit(which)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (bound, bound))
