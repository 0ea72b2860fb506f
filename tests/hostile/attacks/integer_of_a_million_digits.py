"""Returns an integer of a million digits, which takes minutes to print.

It does not travel, and nobody prints it.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return 1 << 3_300_000


def honest_last(x):
    return x * x - 1
