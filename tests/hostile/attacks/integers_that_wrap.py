"""Returns small integers that wrap around when something is subtracted from them.

They are compared as numbers.
"""

import numpy as np


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.array([-128, 127, 0, 1], dtype=np.int8) if x[0] > 100 else np.array([0, 1, 2, 3], dtype=np.uint64)


def honest_last(x):
    return x * x - 1
