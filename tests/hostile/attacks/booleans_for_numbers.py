"""Returns True for every entry.

It stands for one, and one is wrong.
"""

import numpy as np


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.ones(4, dtype=bool)


def honest_last(x):
    return x * x - 1
