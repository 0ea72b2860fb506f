"""Ends its process with a status, or by a signal, that tells what it was asked.

How a hidden case ended its process is for staff.
"""

import os


def honest_first(x):
    return 2 * x + 1


def attack(x):
    if x[0] > 5000:
        os.write(2, repr(x.tolist()).encode())
        os._exit(int(x[0]) % 256)
    os.kill(os.getpid(), int(x[0]) % 30 + 1)
    return x


def honest_last(x):
    return x * x - 1
