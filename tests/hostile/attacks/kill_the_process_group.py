"""Sends a deadly signal to its process group, in the hope that the grader is in it.

It is not: the grading goes on.
"""

import os
import signal


def honest_first(x):
    return 2 * x + 1


def attack(x):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        os.kill(0, signal.SIGTERM)
    except OSError:
        pass
    try:
        os.killpg(os.getpgid(os.getppid()), signal.SIGKILL)
    except OSError:
        pass
    return x


def honest_last(x):
    return x * x - 1
