"""Sends the answer to its own call ahead of the worker, which then sends another.

Two answers to one question are none.
"""

import os
import struct


def text(word):
    return b"s" + struct.pack("<I", len(word)) + word


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for number in range(1, 12):
        letter = b"t" + struct.pack("<I", 4) + text(b"returned") + b"i" + struct.pack("<q", number) + b"T" + b"l" + bytes(4)
        frame = struct.pack("<I", len(letter)) + letter
        for descriptor in range(3, 16):
            try:
                os.write(descriptor, frame + frame)
            except OSError:
                pass
    return x


def honest_last(x):
    return x * x - 1
