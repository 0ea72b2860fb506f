"""Removes its own function and defines others that are named after what it was asked.

A hidden case's message holds nothing of it; the later ones find no function.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for each in x:
        globals()[f"attack_{str(each).replace('.', '_').replace('-', 'm')}"] = attack
        globals()[f"attack{abs(each):.3f}".replace(".", "")] = attack
    del globals()["attack"]
    return x


def honest_last(x):
    return x * x - 1
