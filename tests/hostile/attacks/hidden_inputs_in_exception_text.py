"""Raises an exception whose text is what it was asked.

A hidden case's message holds nothing of it.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    raise ValueError(f"asked for {x.tolist()}")


def honest_last(x):
    return x * x - 1
