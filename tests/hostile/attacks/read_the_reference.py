"""Reads the reference solution's source by every way that Python has to read a file.

It is out of reach.
"""

import linecache
import mmap
import os
import tokenize

import numpy as np

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    path = WHERE["reference"]
    ways = (
        lambda: open(path, "rb").read(),
        lambda: os.pread(os.open(path, os.O_RDONLY | os.O_NOATIME), 4096, 0),
        lambda: "".join(linecache.getlines(path)),
        lambda: tokenize.open(path).read(),
        lambda: np.fromfile(path, dtype=np.uint8).tobytes(),
        lambda: np.memmap(path, mode="r").tobytes(),
        lambda: np.genfromtxt(path, dtype=str, delimiter="\n"),
        lambda: mmap.mmap(os.open(path, os.O_RDONLY), 0, prot=mmap.PROT_READ)[:],
    )
    for way in ways:
        try:
            print(way())
        except (OSError, ValueError):
            pass
    return x


def honest_last(x):
    return x * x - 1
