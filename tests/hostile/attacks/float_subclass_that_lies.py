"""Returns floats, integers and texts of types of its own, which compare as it suits them.

They travel as plain numbers: wrong ones.
"""


class Float(float):
    __sub__ = __rsub__ = lambda self, other: 0.0
    __abs__ = lambda self: 0.0
    __eq__ = __le__ = __ge__ = lambda self, other: True
    __hash__ = float.__hash__
    real = property(lambda self: 0.0)


class Int(int):
    __eq__ = __lt__ = __le__ = lambda self, other: True
    __hash__ = int.__hash__

    def bit_length(self):
        return 10**9

    def to_bytes(self, *arguments, **options):
        return b"\xff" * 100


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return [Float(1), Int(2), Int(2**200), Float("nan")]


def honest_last(x):
    return x * x - 1
