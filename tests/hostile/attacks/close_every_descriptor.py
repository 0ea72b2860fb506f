"""Closes everything that is open, the pipes to the grader with it.

The call is lost, and no other.
"""

import os


def honest_first(x):
    return 2 * x + 1


def attack(x):
    os.closerange(0, 1024)
    return x


def honest_last(x):
    return x * x - 1
