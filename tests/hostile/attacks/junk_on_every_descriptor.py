"""Writes random bytes to every descriptor that is open.

The call that did so is lost, and no other.
"""

import os


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, os.urandom(4096))
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
