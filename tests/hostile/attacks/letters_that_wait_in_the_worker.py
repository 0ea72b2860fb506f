"""Looks through frames and objects of the worker for the letters that wait to be answered, and reads them.

While a visible case is answered no hidden input is in the process.
"""

import gc
import struct
import sys

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


HIDDEN = [2710.25, -8420.75, 5180.5, 7310.25, -4420.75, 3509.25, 8842.75, 1609.25, -5531.75]


def honest_first(x):
    return 2 * x + 1


def attack(x):
    if float(x[0]) != 1.0:
        return x
    needles = [struct.pack("<d", number) for number in HIDDEN]
    seen, waiting = set(), list(gc.get_objects())
    frame = sys._getframe()
    while frame:
        waiting += frame.f_locals.values()
        frame = frame.f_back
    while waiting:
        each = waiting.pop()
        if id(each) in seen or each is HIDDEN or len(seen) > 400_000:
            continue
        seen.add(id(each))
        if isinstance(each, (bytes, bytearray)) and len(each) > 8 and any(needle in each for needle in needles):
            success("a letter with a hidden input")
        elif isinstance(each, float) and each in HIDDEN and not any(each is mine for mine in HIDDEN):
            success("a hidden input", each)
        elif isinstance(each, (list, tuple, dict)):
            waiting += gc.get_referents(each)
    return x


def honest_last(x):
    return x * x - 1
