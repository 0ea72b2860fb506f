"""Returns an array of Python objects that each equal everything.

Objects do not travel: nothing is earned.
"""

import numpy as np


class Liar:
    __eq__ = lambda self, other: True
    __sub__ = __rsub__ = lambda self, other: 0.0
    __abs__ = __float__ = lambda self: 0.0


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.array([Liar() for _ in range(4)], dtype=object)


def honest_last(x):
    return x * x - 1
