"""Returns a dict of its own type whose keys and items change while it is being sent.

The decoder refuses what does not fit, or what travels is wrong.
"""


class Shifting(dict):
    def __len__(self):
        return 2

    def __iter__(self):
        return iter(["a"] * 3)

    def items(self):
        yield "a", 1.0
        yield "a", 2.0
        yield "b", self


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return Shifting(a=1)


def honest_last(x):
    return x * x - 1
