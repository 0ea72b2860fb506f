"""Returns a million empty lists: little memory here, much where they would be decoded.

The number of items is bounded.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return [[]] * 1_000_000


def honest_last(x):
    return x * x - 1
