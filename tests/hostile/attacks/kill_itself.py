"""Kills its own process, as the kernel does when memory is short.

The call is lost, and no other.
"""

import os
import signal


def honest_first(x):
    return 2 * x + 1


def attack(x):
    os.kill(os.getpid(), signal.SIGKILL)


def honest_last(x):
    return x * x - 1
