"""Puts the pipe of answers where the pipe of questions was and the other way round.

The call is lost, and no other.
"""

import os


def honest_first(x):
    return 2 * x + 1


def attack(x):
    open_ones = []
    for descriptor in range(3, 16):
        try:
            os.fstat(descriptor)
            open_ones.append(descriptor)
        except OSError:
            pass
    copies = [os.dup(each) for each in open_ones]
    for descriptor, copy in zip(open_ones, reversed(copies)):
        os.dup2(copy, descriptor)
    return x


def honest_last(x):
    return x * x - 1
