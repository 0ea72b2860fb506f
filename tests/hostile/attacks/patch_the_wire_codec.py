"""Finds the worker's own encoder among all objects and makes it claim that every answer is right.

Whatever the worker says about itself is no verdict: the attack earns nothing.
"""

import gc
import types


def lie(value):
    return b"t\x04\x00\x00\x00s\x05\x00\x00\x00rightTTT"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    own = lie.__code__
    for each in gc.get_objects():
        if isinstance(each, types.FunctionType) and each.__name__ == "encode" and "wire" in each.__module__:
            true, each.__code__ = each.__code__, own
            codes.append((each, true))
    return Restorer()


codes = []


class Restorer(dict):
    """Puts the encoder back once its lie was told, for the honest functions' sake."""

    def __del__(self):
        for function, true in codes:
            function.__code__ = true
        codes.clear()


def honest_last(x):
    return x * x - 1
