"""Ignores every signal that can be ignored and loops.

The one that ends it cannot be: the call ends at its limit.
"""

import signal


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass


def honest_last(x):
    return x * x - 1
