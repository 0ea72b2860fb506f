"""Replaces standard output by an object whose flush never returns and whose write raises.

The call ends at its limit, and costs itself only.
"""

import sys


class Tar:
    def write(self, text):
        raise SystemExit(text)

    def flush(self):
        while True:
            pass


def honest_first(x):
    return 2 * x + 1


def attack(x):
    sys.stdout = sys.stderr = Tar()
    return x


def honest_last(x):
    return x * x - 1
