"""Replaces itself by a function that takes other arguments, named after the ones that it was asked with.

A hidden case's message holds nothing of it.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    names = ", ".join(f"asked_{str(each).replace('.', '_').replace('-', 'minus_')}" for each in x)
    scope = {}
    exec(f"def other({names}): pass", scope)
    globals()["attack"] = scope["other"]
    return x


def honest_last(x):
    return x * x - 1
