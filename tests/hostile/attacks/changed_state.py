"""Leaves the process in another state than it found it: seeds, error handling, printing, decimals, limits, folders.

The honest functions are right whatever the state, and so is the door.
"""

import decimal
import locale
import os
import random
import sys
import warnings

import numpy as np


def honest_first(x):
    return 2 * x + 1


def attack(x):
    np.seterr(all="raise")
    np.set_printoptions(precision=0, threshold=1, formatter={"all": lambda value: "7"})
    np.random.seed(0)
    random.seed(0)
    decimal.getcontext().prec = 1
    sys.setrecursionlimit(60)
    sys.setswitchinterval(1e-6)
    warnings.simplefilter("error")
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(640)
    os.chdir("/")
    try:
        os.umask(0)
    except OSError:
        pass
    return x


def honest_last(x):
    return x * x - 1
