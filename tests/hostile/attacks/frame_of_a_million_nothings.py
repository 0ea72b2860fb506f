"""Sends sixteen mebibytes of the smallest item there is: few bytes here, many objects there.

The number of items is bounded: refused, in bounded time and memory.
"""

import os
import struct


def honest_first(x):
    return 2 * x + 1


def attack(x):
    count = 15_000_000
    body = b"l" + struct.pack("<I", count) + b"N" * count
    frame = memoryview(struct.pack("<I", len(body)) + body)
    for descriptor in range(3, 16):
        sent = 0
        try:
            while sent < len(frame):
                sent += os.write(descriptor, frame[sent : sent + 65536])
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
