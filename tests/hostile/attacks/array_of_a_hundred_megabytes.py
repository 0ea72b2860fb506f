"""Returns an array of a hundred megabytes.

What passes the door is bounded: refused inside the box already.
"""

import numpy as np


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.ones(13_000_000)


def honest_last(x):
    return x * x - 1
