"""Prints what it was asked, to standard output and error, raw and through Python.

What a hidden case prints is for staff.
"""

import os
import sys


def honest_first(x):
    return 2 * x + 1


def attack(x):
    print(x, file=sys.stderr)
    print(x.tolist(), flush=True)
    os.write(2, repr(list(x)).encode())
    return x


def honest_last(x):
    return x * x - 1
