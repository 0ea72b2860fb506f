"""Returns lists nested without end: one that holds itself, and one a hundred thousand deep.

The depth is bounded.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    if x[0] > 5000:
        loop = []
        loop.append(loop)
        return loop
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep


def honest_last(x):
    return x * x - 1
