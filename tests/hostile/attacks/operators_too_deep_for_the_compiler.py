"""Chains a hundred thousand operators, which is flat to the eye and deep to the compiler.

Compiling it fails or crashes in the box: what can be loaded is graded, and the grader is well.

Costs: honest_first, honest_last
"""

DEEP = 0"@repeat +0 100000@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return x


def honest_last(x):
    return x * x - 1
