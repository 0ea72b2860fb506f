"""Holds a literal as long as a submission may be.

It is parsed in the box and its limits, and graded.
"""

LONG = ["@repeat 1, 120000@"]


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return LONG


def honest_last(x):
    return x * x - 1
