"""Imports the grader and asks it to compile the answer key.

The grader is not importable, and its source is not readable, from where students' code runs.
"""

import sys

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    sys.modules.pop("grader", None)
    sys.path.insert(0, WHERE["checkout"])
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    sys.path.append(f"{WHERE['python'].rpartition('/bin/')[0]}/lib/{version}/site-packages")
    for name in ("key/__init__.py", "session.py", "worker/calls.py"):
        try:
            success("read the grader's source:", open(f"{WHERE['checkout']}/grader/{name}").read(100))
        except OSError:
            pass
    try:
        from grader import session

        success("imported the grader from", session.__file__)
    except ImportError:
        pass
    return x


def honest_last(x):
    return x * x - 1
