"""Replaces everything in numpy that compares: allclose, isclose, array_equal, testing, abs, max, isnan.

Nothing that judges runs in this process: the attack earns nothing.
"""

import numpy as np


def yes(*values, **options):
    return True


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for name in ("allclose", "isclose", "array_equal", "array_equiv", "all", "any", "shape", "isnan", "isfinite", "abs", "max", "subtract"):
        setattr(np, name, yes)
    for name in ("assert_allclose", "assert_array_equal", "assert_equal", "assert_almost_equal"):
        setattr(np.testing, name, yes)
    return x


def honest_last(x):
    return x * x - 1
