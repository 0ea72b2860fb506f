"""Raises a warning for each of a hundred thousand different reasons.

They are prints like any other: cut.
"""

import warnings


def honest_first(x):
    return 2 * x + 1


def attack(x):
    warnings.simplefilter("always")
    for number in range(20_000):
        warnings.warn(f"{number}: the grader must be mistaken")
    return x


def honest_last(x):
    return x * x - 1
