"""Moves the state from which numbers are drawn without a seed, to find it moved in another worker.

Every worker starts with the same state, whoever was there before.
"""

import os
import random

import numpy as np

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    state = (float(np.random.rand()), random.random())
    if state != (0.5488135039273248, 0.8444218515250481):
        success("another state:", state)
    np.random.seed(1)
    random.seed(1)
    os._exit(0)


def honest_last(x):
    return x * x - 1
