"""Returns a view of a single number that stands for eight terabytes.

It is refused before it is copied.
"""

import numpy as np


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.broadcast_to(np.float64(1), (10**6, 10**6))


def honest_last(x):
    return x * x - 1
