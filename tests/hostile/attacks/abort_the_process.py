"""Aborts, as a C library does that has found itself broken.

The call is lost, and no other; no core file is written.
"""

import os


def honest_first(x):
    return 2 * x + 1


def attack(x):
    os.abort()


def honest_last(x):
    return x * x - 1
