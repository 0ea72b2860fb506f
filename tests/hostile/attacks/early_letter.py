"""Slips a letter in front of its own while that is being sent.

Two answers to one question are none, and the next honest question is answered honestly.
"""

import os
import struct


def answer(number):
    word = b"returned"
    body = b"s" + struct.pack("<I", len(word)) + word + b"i" + struct.pack("<q", number) + b"d" + struct.pack("<d", 1.0)
    return b"t" + struct.pack("<I", 4) + body + b"l" + bytes(4)


class Late(list):
    """A list that sends letters while it is looked at."""

    def __iter__(self):
        for number in range(1, 8):
            letter = answer(number)
            for descriptor in range(3, 16):
                try:
                    os.write(descriptor, struct.pack("<I", len(letter)) + letter)
                except OSError:
                    pass
        return super().__iter__()


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return Late([1.0, 2.0, 3.0, 4.0])


def honest_last(x):
    return x * x - 1
