"""Returns long doubles that no double holds, and half floats that hold almost nothing.

They travel as what a double makes of them: wrong.
"""

import numpy as np


def honest_first(x):
    return 2 * x + 1


def attack(x):
    if x[0] < 100:
        return np.array([60000, 1e-7, 1, 2], dtype=np.float16)
    return np.array([1, 2, 3, 4], dtype=np.longdouble) * np.longdouble("1e4000")


def honest_last(x):
    return x * x - 1
