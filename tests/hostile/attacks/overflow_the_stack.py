"""Recurses in C until the stack is used up, past every counter of Python's.

The process crashes or Python stops it: the call is lost, and no other.
"""

import sys


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x") if len(name) < 10**7 else 0

    def __repr__(self):
        return f"{[self]}"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    sys.setrecursionlimit(10**9)
    return repr(Deep())


def honest_last(x):
    return x * x - 1
