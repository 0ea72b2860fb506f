"""Returns an array whose shape, size, dtype and bytes are properties of its own.

Its true ones travel, or nothing does.
"""

import numpy as np


class Liar(np.ndarray):
    shape = property(lambda self: (4,))
    size = property(lambda self: 0)
    ndim = property(lambda self: 200)
    nbytes = property(lambda self: -1)

    def tobytes(self, *arguments):
        return b"\xff" * 10_000

    def astype(self, *arguments, **options):
        return self

    def __array__(self, *arguments, **options):
        raise SystemExit


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return np.zeros((2, 3)).view(Liar)


def honest_last(x):
    return x * x - 1
