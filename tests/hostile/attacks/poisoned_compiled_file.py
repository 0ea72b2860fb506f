"""Comes with a compiled file beside it that holds other code under its own name.

The source is compiled that was read; nothing reads the compiled file.
"""

import importlib
import sys

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    sys.path.insert(0, WHERE["inbox"])
    try:
        importlib.import_module("poisoned_compiled_file")
    except ImportError:
        pass
    return x


def honest_last(x):
    return x * x - 1
