"""Returns 1e308, whose difference to anything overflows.

It is wrong, and judging it makes no noise.
"""

import numpy as np


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.array([1e308, -1e308, 1.7e308, 5e-324])


def honest_last(x):
    return x * x - 1
