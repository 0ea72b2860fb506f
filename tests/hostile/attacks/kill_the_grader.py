"""Sends every deadly signal to the grading process and to its own parent.

The grading goes on.
"""

import os
import signal

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for target in (WHERE["grader"], os.getppid()):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1, signal.SIGSTOP, signal.SIGKILL):
            try:
                os.kill(target, number)
            except OSError:
                pass
    return x


def honest_last(x):
    return x * x - 1
