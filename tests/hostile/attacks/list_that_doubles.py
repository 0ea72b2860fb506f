"""Returns a list whose thirtieth doubling has a billion items, and no more than thirty in memory.

The number of items is bounded.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    tree = [1.0]
    for _ in range(20):
        tree = [tree, tree]
    return tree


def honest_last(x):
    return x * x - 1
