"""Computes a power that has more digits than there are atoms.

The call ends at its limit, of time or of memory.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return 10**10**9


def honest_last(x):
    return x * x - 1
