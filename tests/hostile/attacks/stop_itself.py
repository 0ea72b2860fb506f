"""Stops its own process, so that it neither answers nor ends.

The call ends at its limit, and the process with it.
"""

import os
import signal


def honest_first(x):
    return 2 * x + 1


def attack(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    return x


def honest_last(x):
    return x * x - 1
