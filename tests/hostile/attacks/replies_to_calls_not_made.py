"""Answers questions with numbers that nobody has asked: zero, negative, huge, true instead of one.

The call is lost; no other case gets an answer from it.
"""

import os
import struct


def answer(number):
    word = b"returned"
    return b"t" + struct.pack("<I", 4) + b"s" + struct.pack("<I", len(word)) + word + number + b"F" + b"l" + bytes(4)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    numbers = [b"i" + struct.pack("<q", each) for each in (0, -1, 99, 2**62)] + [b"T", b"d" + struct.pack("<d", 1.0)]
    for number in numbers:
        letter = answer(number)
        for descriptor in range(3, 16):
            try:
                os.write(descriptor, struct.pack("<I", len(letter)) + letter)
            except OSError:
                pass
    return x


def honest_last(x):
    return x * x - 1
