"""Catches whatever is raised into it, and goes on.

Its end comes from outside: the call ends at its limit.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue


def honest_last(x):
    return x * x - 1
