"""Reads the memory of the grading process at the very address of a secret, through /proc.

It is out of reach.
"""

import os

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for process in (WHERE["grader"], f"{WHERE['grader']}/task/{WHERE['grader']}"):
        try:
            print(os.pread(os.open(f"/proc/{process}/mem", os.O_RDONLY), WHERE["length"], WHERE["address"]))
        except OSError:
            pass
        try:
            print(open(f"/proc/{process}/maps").read())
            print(os.listdir(f"/proc/{process}/fd"), WHERE["marker"], "listed descriptors")
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
