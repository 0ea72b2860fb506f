"""Starts processes as fast as it can.

Not one starts.
"""

import os
import time

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    started = 0
    try:
        while started < 100:
            if os.fork() == 0:
                time.sleep(20)
                os._exit(0)
            started += 1
            if started in (10, 100):
                success("started", started, "processes")
    except OSError:
        pass
    return x


def honest_last(x):
    return x * x - 1
