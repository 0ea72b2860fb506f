"""Writes sixty megabytes wherever a file can be opened.

None can, and a file may not grow.
"""

import os
import signal

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for folder in ("/tmp", "/dev/shm", "/var/tmp", WHERE["desk"], WHERE["results"]):
        try:
            descriptor = os.open(f"{folder}/hostile-fill", os.O_WRONLY | os.O_CREAT, 0o600)
            for _ in range(60):
                os.write(descriptor, bytes(1 << 20))
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
