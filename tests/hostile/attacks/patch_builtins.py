"""Replaces what a careless comparison would use: all, any, abs, max, round, eval, print.

Nothing that judges runs in this process: the attack earns nothing.
"""

import builtins


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for name in ("all", "any", "round", "abs", "max", "sum"):
        setattr(builtins, name, lambda *values, **options: True)
    builtins.print = lambda *values, **options: None
    builtins.eval = builtins.exec = lambda *values: {"score": 3}
    return x


def honest_last(x):
    return x * x - 1
