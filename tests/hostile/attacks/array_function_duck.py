"""Returns an object that is no array but claims numpy's protocols.

It does not travel: nothing is earned.
"""

import numpy as np


class Duck:
    shape, dtype, ndim, size = (4,), np.dtype("d"), 1, 4

    def __array_function__(self, function, types, arguments, options):
        return True

    def __array_ufunc__(self, *arguments, **options):
        return True

    def __array__(self, dtype=None, copy=None):
        return np.zeros(4)

    @property
    def __array_interface__(self):
        return {"shape": (4,), "typestr": "<f8", "data": (8, False), "version": 3}


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return Duck()


def honest_last(x):
    return x * x - 1
