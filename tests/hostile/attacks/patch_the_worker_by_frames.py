"""Walks up the stack into the worker and rewrites its letters, its module's names and its functions' globals.

There is nothing to find in them, and nothing to gain by changing them.
"""

import re
import sys

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    frame = sys._getframe()
    while frame is not None:
        seen = repr(frame.f_locals)[:200_000] + repr(sorted(map(str, frame.f_globals)))[:100_000]
        for found in re.findall(r"TOKEN-[a-z-]+-[0-9a-f]{32}", seen):
            success(found)
        for word in ("verdict", "credit", "expected", "points", "key"):
            if word in frame.f_globals or word in frame.f_locals:
                frame.f_globals[word] = 1.0
        if frame.f_globals.get("__name__", "").endswith("letters"):
            frame.f_globals["RAISED"] = "returned"
        frame = frame.f_back
    return x


def honest_last(x):
    return x * x - 1
