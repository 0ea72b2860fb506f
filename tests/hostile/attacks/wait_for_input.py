"""Asks the person at the keyboard, by input(), by reading standard input, and by waiting for a signal.

Nobody is there: the call raises or ends at its limit.
"""

import signal
import sys


def honest_first(x):
    return 2 * x + 1


def attack(x):
    try:
        return float(input("The answer? "))
    except EOFError:
        pass
    if sys.stdin.read() == "":
        signal.pause()


def honest_last(x):
    return x * x - 1
