"""Holds expressions that a compiler might compute before anything runs.

The compiler's own bounds hold, or the box's.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    if x is None:
        return ("A" * 4000) * 4000, (0,) * 10**4 * 10**4, 1 << 10**5, 2**2**10, b"x" * 10**4 * 10**4
    return x


def honest_last(x):
    return x * x - 1
