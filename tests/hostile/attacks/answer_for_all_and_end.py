"""Sends answers for its own and for all later calls, and ends before it is asked them.

What is sent for others is wrong, and its author's own loss; nothing is asked twice for more.
Costs: honest_last
"""

import os
import struct
import sys


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
    frames = []
    frame = sys._getframe()
    while frame:
        frames.append(frame)
        frame = frame.f_back
    numbers = [each.f_locals["number"] for each in frames if isinstance(each.f_locals.get("number"), int)]
    first = numbers[0] if numbers else 1
    os.write(4, b"".join(letter(first + later, [0.0] * 4) for later in range(8)))
    os._exit(0)


def honest_last(x):
    return x * x - 1
