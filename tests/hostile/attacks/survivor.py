"""Forks twice and leaves its session, so that a process of its own lives on when it is ended.

There is none afterwards.
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
    try:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                for number in (signal.SIGHUP, signal.SIGTERM):
                    signal.signal(number, signal.SIG_IGN)
                success("lives on")
                for descriptor in range(16):
                    try:
                        os.close(descriptor)
                    except OSError:
                        pass
                time.sleep(30)
            os._exit(0)
    except OSError:
        pass
    time.sleep(0.1)
    return x


def honest_last(x):
    return x * x - 1
