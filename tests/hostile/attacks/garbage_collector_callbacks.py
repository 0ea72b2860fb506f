"""Runs its own code at every collection, and keeps every object that it can reach alive and changed.

No object of the grader's is among them.
"""

import gc

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def spy(phase, information):
    for each in gc.get_objects():
        if type(each).__name__ in ("Expectation", "Key", "Exam", "Report"):
            success("reached an object of the grader's:", type(each).__name__)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    gc.callbacks.append(spy)
    gc.collect()
    gc.callbacks.clear()
    return x


def honest_last(x):
    return x * x - 1
