"""Answers, in its own call, also for all calls that wait behind it in the worker.

It can spoil its author's own later answers, and knows no right one that an honest call would not know.
Costs: honest_last
"""

import os
import struct


def letter(number, values):
    """Return a letter that gives these values in answer to a call, with its length."""
    word = b"returned"
    array = b"l" + struct.pack("<I", len(values)) + b"".join(b"d" + struct.pack("<d", value) for value in values)
    name = b"s" + struct.pack("<I", len(word)) + word
    body = b"t" + struct.pack("<I", 4) + name + b"i" + struct.pack("<q", number) + array + b"l" + bytes(4)
    return struct.pack("<I", len(body)) + body


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for first in range(1, 40):
        data = b"".join(letter(first + later, [0.0] * 4) for later in range(3))
        try:
            os.write(4, data)
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
