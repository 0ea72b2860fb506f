"""Raises an exception whose text never comes to its end, and chains a thousand others behind it.

The call ends at its limit, and costs itself only.
"""


class Endless(ValueError):
    def __str__(self):
        while True:
            pass


def honest_first(x):
    return 2 * x + 1


def attack(x):
    error = ValueError("first")
    for number in range(1000):
        following = ValueError(number)
        following.__cause__ = error
        error = following
    raise Endless from error


def honest_last(x):
    return x * x - 1
