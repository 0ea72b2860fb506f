"""Returns arrays of dates, of durations and of records.

Types that are no numbers do not travel.
"""

import numpy as np


def honest_first(x):
    return 2 * x + 1


def attack(x):
    if x[0] < 100:
        return np.zeros(4, dtype="f8,i4")
    return np.zeros(4, dtype="M8[s]" if x[0] > 5000 else "m8[ns]")


def honest_last(x):
    return x * x - 1
