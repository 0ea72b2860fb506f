"""Raises an exception with a hundred megabytes of text.

What is told about it is bounded.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    raise ValueError("A" * 100_000_000)


def honest_last(x):
    return x * x - 1
