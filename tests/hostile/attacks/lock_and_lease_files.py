"""Locks the rubric and the results and takes leases on them, so that others would wait.

Refused: nobody waits.
"""

import fcntl
import os
import struct

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for path in (WHERE["rubric"], WHERE["result"], os.__file__):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError:
            continue
        for name, attempt in (
            ("flock", lambda: fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)),
            ("lease", lambda: fcntl.fcntl(descriptor, 1024, 0)),
            ("record lock", lambda: fcntl.fcntl(descriptor, fcntl.F_SETLK, struct.pack("hhqqi4x", 0, 0, 0, 0, 0))),
        ):
            try:
                attempt()
                success("a", name, "on", path)
            except OSError:
                pass
    return x


def honest_last(x):
    return x * x - 1
