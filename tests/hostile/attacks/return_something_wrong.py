"""Does nothing but answer wrongly: the control for all the others.

It earns nothing, and the honest functions everything.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return x


def honest_last(x):
    return x * x - 1
