"""Ends its process with status 0 in the middle of a call: nothing failed, so all must be well.

The call is lost, and no other.
"""

import os


def honest_first(x):
    return 2 * x + 1


def attack(x):
    os._exit(0)


def honest_last(x):
    return x * x - 1
