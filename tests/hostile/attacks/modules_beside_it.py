"""Comes with files beside it that are named like numpy, random, json and sitecustomize.

They shadow nothing, before it runs or after it has changed the path.
"""

import importlib
import json
import os
import random
import sys

import numpy as np

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for folder in (WHERE["inbox"], WHERE["desk"], "", "."):
        sys.path.insert(0, folder)
        try:
            os.chdir(folder)
        except OSError:
            pass
    for name in ("sitecustomize", "usercustomize", "random", "json", "numpy"):
        sys.modules.pop(name, None)
        try:
            importlib.import_module(name)
        except ImportError:
            pass
    return x


def honest_last(x):
    return x * x - 1
