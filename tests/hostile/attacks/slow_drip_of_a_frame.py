"""Sends an answer byte by byte, each in time, the whole never.

The clock runs for the whole answer: the call ends at its limit.
"""

import os
import struct
import time


def honest_first(x):
    return 2 * x + 1


def attack(x):
    pieces = struct.pack("<I", 100_000) + b"l" + struct.pack("<I", 90_000) + b"N" * 90_000
    for piece in pieces:
        for descriptor in range(3, 16):
            try:
                os.write(descriptor, bytes([piece]))
            except OSError:
                pass
        time.sleep(0.005)


def honest_last(x):
    return x * x - 1
