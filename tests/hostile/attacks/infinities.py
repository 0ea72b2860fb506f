"""Returns infinities of both signs, which make a relative tolerance infinite.

Infinity is wrong where a number is due.
"""

import numpy as np


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.array([np.inf, -np.inf, np.inf, -np.inf])


def honest_last(x):
    return x * x - 1
