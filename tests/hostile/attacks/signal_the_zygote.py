"""Sends every signal to the process that it was forked from, alone and as a group and a session.

It goes on: its parent stays the same, and the next submission is graded.
"""

import os
import signal
import time

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    parent = os.getppid()
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGSEGV, signal.SIGKILL):
        for attempt in (
            lambda: os.kill(parent, number),
            lambda: os.killpg(parent, number),
            lambda: os.kill(-parent, number),
            lambda: signal.pidfd_send_signal(os.pidfd_open(parent), number),
        ):
            try:
                attempt()
                success("signalled the parent with", number)
            except (OSError, AttributeError):
                pass
    time.sleep(0.05)
    if os.getppid() != parent:
        success("the parent is gone")
    return x


def honest_last(x):
    return x * x - 1
