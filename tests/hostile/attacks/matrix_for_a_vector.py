"""Returns np.matrix, which is never one-dimensional, and a record array.

They travel as plain arrays: the shape is wrong.
"""

import numpy as np

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.matrix(WHERE["visible"])


def honest_last(x):
    return x * x - 1
