"""Takes longer for some hidden inputs than for others.

The student's report tells no time of a hidden case, nor of the whole.
"""

import time


def honest_first(x):
    return 2 * x + 1


def attack(x):
    time.sleep(abs(float(x[0])) % 1000 / 10_000)
    return x


def honest_last(x):
    return x * x - 1
