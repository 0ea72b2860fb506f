"""Leaves a thread behind that looks at later calls and changes their answers.

None starts: every later call is alone.
"""

import _thread
import gc
import time

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def lurk():
    success("a thread runs on")
    while True:
        gc.collect()
        time.sleep(0.001)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    try:
        _thread.start_new_thread(lurk, ())
    except RuntimeError:
        pass
    time.sleep(0.1)
    return x


def honest_last(x):
    return x * x - 1
