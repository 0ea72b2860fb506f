"""Reads and writes where no memory is.

The process is ended: the call is lost, and no other; no core file is written.
"""

import ctypes


def honest_first(x):
    return 2 * x + 1


def attack(x):
    if x[0] > 100:
        ctypes.string_at(8)
    ctypes.memset(0, 1, 100)


def honest_last(x):
    return x * x - 1
