"""Leaves files in every folder that is often open to all.

None is there afterwards.
"""

import os

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/dev/mqueue", WHERE["desk"], WHERE["inbox"], WHERE["folder"], ".", "/"):
        try:
            os.write(os.open(f"{folder}/hostile-file", os.O_WRONLY | os.O_CREAT, 0o666), b"here")
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
