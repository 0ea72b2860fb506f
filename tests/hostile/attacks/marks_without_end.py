"""Prints marks as fast as it can, each with some text, to fill the memory of who sorts them.

It costs this call; the grader keeps no more than for so many calls.
"""

import os

MARK = b"\0\0printed\0\0"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    data = (b"y" * 100 + MARK) * 500
    while True:
        os.write(1, data)


def honest_last(x):
    return x * x - 1
