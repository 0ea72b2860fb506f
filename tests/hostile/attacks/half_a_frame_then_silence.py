"""Announces an answer, sends half of it and sleeps.

The call ends at its limit, and costs itself only.
"""

import os
import struct
import time


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for descriptor in range(3, 16):
        try:
            os.write(descriptor, struct.pack("<I", 1000) + b"t")
        except OSError:
            pass
    time.sleep(60)


def honest_last(x):
    return x * x - 1
