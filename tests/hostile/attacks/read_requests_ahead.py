"""Reads the pipe that questions come through, to learn the next ones and answer them before they are asked.

Questions of one visibility come together and are taken in at once: nothing is left there, and nothing more to learn.
"""

import os
import select

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for descriptor in range(3, 16):
        try:
            if select.select([descriptor], [], [], 0)[0]:
                success("read ahead", os.read(descriptor, 65536))
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
