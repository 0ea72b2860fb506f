"""Forks a child that keeps the pipes to the grader open and answers in its place, and ends itself.

There is no child: the call is lost, and no other.
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
    try:
        if os.fork() == 0:
            success("a child answers")
            time.sleep(30)
        time.sleep(0.1)
    except OSError:
        pass
    os._exit(0)


def honest_last(x):
    return x * x - 1
