"""Sends a list in a list in a list, a hundred thousand deep, past the encoder that would refuse it.

The decoder stops at its bound; the grading process does not crash.
"""

import os
import struct


def honest_first(x):
    return 2 * x + 1


def attack(x):
    body = (b"l" + struct.pack("<I", 1)) * 13_000
    for descriptor in range(3, 16):
        try:
            os.write(descriptor, struct.pack("<I", len(body)) + body)
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
