"""Sends mappings with the same key twice, and with keys that are no text.

The decoder refuses them; the call is lost.
"""

import os
import struct


def text(word):
    return b"s" + struct.pack("<I", len(word)) + word


def honest_first(x):
    return 2 * x + 1


def attack(x):
    twice = b"m" + struct.pack("<I", 2) + text(b"a") + b"T" + text(b"a") + b"F"
    odd = b"m" + struct.pack("<I", 1) + b"l" + bytes(4) + b"T"
    for body in (twice, odd):
        for descriptor in range(3, 16):
            try:
                os.write(descriptor, struct.pack("<I", len(body)) + body)
            except OSError:
                pass
    return x


def honest_last(x):
    return x * x - 1
