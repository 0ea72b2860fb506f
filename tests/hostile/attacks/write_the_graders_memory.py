"""Writes to the memory of the grading process at the very address of a secret, through /proc.

The memory stays as it is.
"""

import os

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    try:
        os.pwrite(os.open(f"/proc/{WHERE['grader']}/mem", os.O_RDWR), b"owned", WHERE["address"])
    except OSError:
        pass
    return x


def honest_last(x):
    return x * x - 1
