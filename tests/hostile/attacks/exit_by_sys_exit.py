"""Calls sys.exit(0).

The call raised SystemExit: it is lost, and no other.
"""

import sys


def honest_first(x):
    return 2 * x + 1


def attack(x):
    sys.exit(0)


def honest_last(x):
    return x * x - 1
