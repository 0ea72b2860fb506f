"""Reads the command lines of the grading process and of every other process.

They are out of reach.
"""

import os

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for process in (WHERE["grader"], os.getppid(), 1, *range(2, 200)):
        for name in ("cmdline", "stat", "status", "comm", "wchan", "stack"):
            try:
                print(open(f"/proc/{process}/{name}").read())
            except OSError:
                pass
    return x


def honest_last(x):
    return x * x - 1
