"""Returns an array that answers every numpy function and operator with True.

Only its numbers travel: wrong ones.
"""

import numpy as np


class Yes(np.ndarray):
    def __array_ufunc__(self, function, method, *inputs, **options):
        return True

    def __array_function__(self, function, types, arguments, options):
        return True

    def __eq__(self, other):
        return np.True_

    __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __sub__ = __rsub__ = __eq__
    __array_priority__ = 1e9


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.zeros(4).view(Yes)


def honest_last(x):
    return x * x - 1
