"""Prints without end.

What is kept of it is bounded, and the call ends at its limit.
"""

import sys


def honest_first(x):
    return 2 * x + 1


def attack(x):
    line = "full marks " * 10_000
    while True:
        sys.stdout.write(line)
        sys.stderr.write(line)


def honest_last(x):
    return x * x - 1
