"""Remembers what it was asked, and what others were, in places that outlive a call: modules, hooks, the source's cache.

A visible case is asked of a process that has seen no hidden one.
"""

import linecache
import sys

import numpy as np


def attack(x):
    np.seen = [*getattr(np, "seen", []), *x.tolist()]
    lines = linecache.cache.get(__file__, (0, None, [], ""))[2]
    lines[:] = [f"    return {np.seen}\n"] * 200
    raise RuntimeError(str(np.seen))


def honest_first(x):
    np.seen = [*getattr(np, "seen", []), *x.tolist()]
    return 2 * x + 1


def honest_last(x):
    return x * x - 1
