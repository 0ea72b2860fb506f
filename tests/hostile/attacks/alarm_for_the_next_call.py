"""Sets a timer that ends the process while the next function is at work.

The honest function that is asked next is innocent and must not pay for it.
"""

import signal
import time


def honest_first(x):
    return 2 * x + 1


def attack(x):
    signal.setitimer(signal.ITIMER_REAL, 0.03)
    return x


def honest_last(x):
    time.sleep(0.1)
    return x * x - 1
