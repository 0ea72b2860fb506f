"""Hides endless work in what looks like a definition: powers, shifts and products of constants.

Where even the definitions take for ever, only they are left out.
"""

import sys


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return x


def honest_last(x):
    return x * x - 1


sys.exit("definitions only, please")
HUGE = 10**10**9
WIDE = 1 << 10**12
LONG = [0] * 10**12
NESTED = [[[9**9**9]]]
