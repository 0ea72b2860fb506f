"""Returns an array of one entry where four are due.

The shape is part of the answer.
"""

import numpy as np

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.array(WHERE["visible"][:1])


def honest_last(x):
    return x * x - 1
