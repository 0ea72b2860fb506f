"""Remembers its answers by the addresses of its arguments, in the hope that an address comes back.

No two arguments share an address; wrong answers stay wrong.
"""

answers = {}


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return answers.setdefault(id(x), [1.0, 2.0, 3.0, len(answers)])


def honest_last(x):
    return x * x - 1
