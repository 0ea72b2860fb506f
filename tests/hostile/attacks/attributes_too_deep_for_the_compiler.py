"""Chains fifty thousand attributes and minus signs.

Compiling it fails or crashes in the box: what can be loaded is graded, and the grader is well.

Costs: honest_first, honest_last
"""

DEEP = "@repeat - 60000@"0
NAME = x"@repeat .x 50000@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return x


def honest_last(x):
    return x * x - 1
