"""Raises exceptions that are no Exception, with texts, names and causes that misbehave when they are looked at.

The call is lost, and no other.
"""


class Evil(BaseException):
    def __str__(self):
        raise Evil

    __repr__ = __str__

    @property
    def __traceback__(self):
        raise Evil

    @property
    def __cause__(self):
        raise SystemExit

    def with_traceback(self, trace):
        raise SystemExit


Evil.__name__ = Evil.__qualname__ = "Full marks\n" * 50


def honest_first(x):
    return 2 * x + 1


def attack(x):
    raise Evil("1B: right")


def honest_last(x):
    return x * x - 1
