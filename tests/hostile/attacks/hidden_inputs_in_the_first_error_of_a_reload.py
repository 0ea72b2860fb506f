"""Crashes in a hidden case, so that its module is loaded again, and looks for what is left of the hidden input.

The new process has seen nothing.
"""

import os

import numpy as np

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    if x[0] > 100:
        np.seen = sys_seen = x
        os.environ["SEEN"] = str(sys_seen)
        os._exit(3)
    raise ValueError(f"left over: {getattr(np, 'seen', '')} {os.environ.get('SEEN', '')}")


def honest_last(x):
    return x * x - 1
