"""Leaves a trap in the worker, so that it is the next question that ends the process.

The honest function that is asked next is innocent and must not pay for it.
"""

import os


def honest_first(x):
    return 2 * x + 1


def attack(x):
    os.read = lambda *arguments: os._exit(0)
    return x


def honest_last(x):
    return x * x - 1
