"""Takes more memory than the limit, in one piece and in small ones.

It is out of memory: the call is lost, and no other.
"""

import mmap

import numpy as np

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    try:
        np.empty(1 << 27)
        success("a gibibyte in an array")
    except MemoryError:
        pass
    try:
        mmap.mmap(-1, 1 << 30).close()
        success("a gibibyte mapped")
    except (OSError, MemoryError):
        pass
    return [bytearray(1 << 20) for _ in range(600)]


def honest_last(x):
    return x * x - 1
