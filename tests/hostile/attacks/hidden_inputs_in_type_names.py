"""Returns an object whose type is named after what it was asked.

A hidden case's message holds nothing of it.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return type("Asked_" + str(x[0]), (), {})()


def honest_last(x):
    return x * x - 1
