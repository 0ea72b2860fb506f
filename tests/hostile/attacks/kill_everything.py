"""Sends a deadly signal to every process that it may signal.

Nobody gets it: the grading goes on.
"""

import os
import signal


def honest_first(x):
    return 2 * x + 1


def attack(x):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(-1, number)
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
