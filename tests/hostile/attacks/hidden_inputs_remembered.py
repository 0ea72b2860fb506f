"""Remembers what it was asked in hidden cases and tells it in the message of a visible one.

A visible case is asked of a process that has seen no hidden one.
"""

seen = []


def honest_first(x):
    return 2 * x + 1


def attack(x):
    seen.extend(map(str, x))
    raise ValueError(" ".join(seen))


def honest_last(x):
    return x * x - 1
