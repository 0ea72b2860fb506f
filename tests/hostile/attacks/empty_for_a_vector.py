"""Returns an array without entries, of which all() is true.

Nothing is not everything.
"""

import numpy as np


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return [np.zeros(0), np.zeros((0, 4)), np.zeros((4, 0))][int(x[0]) % 3]


def honest_last(x):
    return x * x - 1
