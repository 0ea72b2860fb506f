"""Hides what it does at import in decorators, default arguments, base classes and annotations of definitions.

They end the process again and again: what can be loaded is graded.

Costs: honest_first, honest_last
"""

import os


def honest_first(x):
    return 2 * x + 1


@(lambda function: os._exit(0))
def attack(x=os._exit(0)):
    return x


def honest_last(x):
    return x * x - 1
