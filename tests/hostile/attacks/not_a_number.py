"""Returns NaN for every entry, which `not error > tolerance` lets pass.

NaN is wrong where a number is due.
"""

import numpy as np


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.full(4, np.nan)


def honest_last(x):
    return x * x - 1
