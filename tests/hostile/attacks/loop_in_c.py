"""Runs a loop in C that no signal handler of Python's interrupts.

The call ends at its limit, and costs itself only.
"""

import re


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return re.match(r"(a+)+$", "a" * 60 + "b")


def honest_last(x):
    return x * x - 1
