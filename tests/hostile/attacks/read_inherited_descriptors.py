"""Reads every descriptor that the grading process has left open, and those of the grading process itself.

None is inherited, and /proc shows none.
"""

import os

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for descriptor in range(5, 1024):
        try:
            print(os.pread(descriptor, 4096, 0))
        except OSError:
            pass
    for process in (WHERE["grader"], os.getppid(), "self"):
        for descriptor in (WHERE["descriptor"], *range(3, 32)):
            try:
                reading = os.open(f"/proc/{process}/fd/{descriptor}", os.O_RDONLY | os.O_NONBLOCK)
                print(os.pread(reading, 4096, 0))
            except OSError:
                pass
    return x


def honest_last(x):
    return x * x - 1
