"""Closes every descriptor while it is imported.

It is loaded again with definitions only, and those are graded.
"""

import os


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return x


def honest_last(x):
    return x * x - 1


os.closerange(0, 1024)
