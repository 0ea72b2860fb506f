"""Changes what descriptors share with other processes: blocking, position, owner, size of pipes.

Nobody else's are in reach, and the small honest answers still get through.
"""

import fcntl
import os


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for descriptor in range(64):
        for attempt in (
            lambda: os.set_blocking(descriptor, False),
            lambda: os.lseek(descriptor, 1 << 40, os.SEEK_SET),
            lambda: fcntl.fcntl(descriptor, 1031, 4096),
            lambda: fcntl.fcntl(descriptor, fcntl.F_SETFD, fcntl.FD_CLOEXEC),
            lambda: fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid()),
        ):
            try:
                attempt()
            except OSError:
                pass
    return x


def honest_last(x):
    return x * x - 1
