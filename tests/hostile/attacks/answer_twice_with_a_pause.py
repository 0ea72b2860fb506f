"""Answers its own question by hand, waits until the next one is on its way, and lets the worker answer once more.

The second answer comes too late to be this one's and must not cost the next, honest question its marks.
"""

import os
import struct
import sys
import time


def own_number():
    frame = sys._getframe()
    while frame is not None:
        if isinstance(frame.f_locals.get("number"), int):
            return frame.f_locals["number"]
        frame = frame.f_back
    return 0


def honest_first(x):
    return 2 * x + 1


def attack(x):
    word = b"returned"
    body = b"s" + struct.pack("<I", len(word)) + word + b"i" + struct.pack("<q", own_number()) + b"T" + b"l" + bytes(4)
    letter = b"t" + struct.pack("<I", 4) + body
    for descriptor in range(3, 16):
        try:
            os.write(descriptor, struct.pack("<I", len(letter)) + letter)
        except OSError:
            pass
    time.sleep(0.1)
    return x


def honest_last(x):
    return x * x - 1
