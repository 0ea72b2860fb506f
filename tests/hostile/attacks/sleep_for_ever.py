"""Sleeps.

The call ends at its limit, and costs itself only.
"""

import time


def honest_first(x):
    return 2 * x + 1


def attack(x):
    time.sleep(10**6)


def honest_last(x):
    return x * x - 1
