"""Announces an answer of four gibibytes.

It is refused at its first four bytes: no memory is set aside, and the call is lost.
"""

import os


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for descriptor in range(3, 16):
        try:
            os.write(descriptor, b"\xff\xff\xff\xff" + b"l" * 4096)
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
