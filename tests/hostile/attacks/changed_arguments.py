"""Changes, grows and keeps the arguments it is given.

Every call gets its own.
"""

import ctypes

import numpy as np

kept = []


def honest_first(x):
    return 2 * x + 1


def attack(x):
    kept.append(x)
    for each in kept:
        each.flags.writeable = True
        each[:] = np.nan
    try:
        x.resize(1000, refcheck=False)
    except ValueError:
        pass
    ctypes.memset(x.ctypes.data, 0x41, x.nbytes)
    return x


def honest_last(x):
    return x * x - 1
