"""Returns one number where four are due: what broadcasts is not what was asked for.

The shape is part of the answer.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return WHERE["visible"][0]


WHERE = "@where@"


def honest_last(x):
    return x * x - 1
