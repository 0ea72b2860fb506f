"""Returns an array with every entry masked, which numpy's own assertions let pass.

A masked entry is no answer.
"""

import numpy as np


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.ma.array(np.zeros(4), mask=True)


def honest_last(x):
    return x * x - 1
