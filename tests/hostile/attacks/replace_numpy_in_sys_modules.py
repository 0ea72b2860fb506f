"""Puts another numpy, os, sys and grader into the table of modules.

The worker holds its own; the judge is elsewhere.
"""

import sys
import types


def honest_first(x):
    return 2 * x + 1


def attack(x):
    fake = types.ModuleType("numpy")
    fake.allclose = fake.array_equal = lambda *values: True
    fake.ndarray = object
    for name in ("numpy", "grader", "grader.judge", "pytest", "unittest", "doctest"):
        sys.modules[name] = fake
    return x


def honest_last(x):
    return x * x - 1
