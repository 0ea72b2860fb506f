"""Returns, prints and raises text that no encoding holds.

It is written out harmlessly wherever it goes.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    if x[0] > 5000:
        return "\ud800\udfff" * 100
    if x[0] > 100:
        raise ValueError("\udcff\ud800")
    return {"\ud800": 1.0, "\udc00\x00": 2.0}


def honest_last(x):
    return x * x - 1
