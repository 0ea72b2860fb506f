"""Prints hidden inputs between marks of its own, so that they be taken for what a visible call printed.

Words move at most to another case of the same group, and none of that is visible.
"""

import os

MARK = b"\0\0printed\0\0"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    mark = b"\0\0printed\0\0"
    for _ in range(20):
        os.write(1, mark + repr(list(map(float, x))).encode() + mark)
    os.write(2, mark[:5])
    os.write(1, mark[5:])
    return x


def honest_last(x):
    return x * x - 1
