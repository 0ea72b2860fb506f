"""Returns an object that equals, is close to, and contains everything.

It does not travel: nothing is earned.
"""


class Everything:
    def __eq__(self, other):
        return True

    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__

    def __sub__(self, other):
        return 0.0

    __rsub__ = __mul__ = __add__ = __radd__ = __sub__
    __abs__ = __float__ = lambda self: 0.0
    __len__ = lambda self: 4
    __iter__ = lambda self: iter([self] * 4)
    __hash__ = lambda self: 0
    __bool__ = lambda self: True


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return Everything()


def honest_last(x):
    return x * x - 1
