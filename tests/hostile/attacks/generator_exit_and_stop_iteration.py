"""Raises GeneratorExit and StopIteration, which some loops take for their own end.

The call is lost, and no other.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    raise (GeneratorExit if x[0] > 100 else StopIteration)([1.0, 2.0])


def honest_last(x):
    return x * x - 1
