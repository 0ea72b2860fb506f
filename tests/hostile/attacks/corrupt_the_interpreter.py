"""Overwrites the interpreter's own objects: small integers, None's type, the memory that follows its arguments.

Whatever becomes of this process, the judge's numbers are elsewhere.

Costs: honest_last
"""

import ctypes
import sys


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for number in (0, 1):
        ctypes.c_long.from_address(id(number) + sys.getsizeof(0) - 4).value = 7
    ctypes.memset(id(x), 0x41, 64)
    ctypes.memset(id(None) + 8, 0x41, 8)
    return x


def honest_last(x):
    return x * x - 1
