"""Returns the right real parts with an imaginary part beside them.

A complex number is no real one.
"""

import numpy as np

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.array(WHERE["visible"]) + 1j


def honest_last(x):
    return x * x - 1
