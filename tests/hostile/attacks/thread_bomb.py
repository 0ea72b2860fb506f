"""Starts threads as fast as it can.

Not one starts.
"""

import threading

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    threading.stack_size(65536)
    waiting, started = threading.Event(), 0
    try:
        while started < 100:
            threading.Thread(target=waiting.wait, daemon=True).start()
            started += 1
    except (RuntimeError, MemoryError):
        pass
    waiting.set()
    if started:
        success("started", started, "threads")
    return x


def honest_last(x):
    return x * x - 1
