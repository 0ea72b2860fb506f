"""Turns its standard output into the pipe for answers, so that the worker's own marks go there.

Its call is lost, or nothing is; the next one is asked in another worker.
"""

import os


def honest_first(x):
    return 2 * x + 1


def attack(x):
    os.dup2(4, 1)
    os.dup2(4, 2)
    return x


def honest_last(x):
    return x * x - 1
