"""Prints thirty megabytes of bytes that are no text, and then returns.

The prints are cut; the answer is wrong, as it was.
"""

import os


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for _ in range(300):
        os.write(1, os.urandom(100_000))
    return x


def honest_last(x):
    return x * x - 1
