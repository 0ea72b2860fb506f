"""Raises KeyboardInterrupt, as if the person who grades had given up.

The call is lost, and the grading goes on.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    raise KeyboardInterrupt


def honest_last(x):
    return x * x - 1
