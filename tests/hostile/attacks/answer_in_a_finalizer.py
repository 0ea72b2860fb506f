"""Leaves objects whose __del__ and finalizers raise, write and never return.

They run, if at all, inside the box and its limits.
"""

import weakref

WHERE = "@where@"


class Late:
    def __del__(self):
        try:
            open(WHERE["result"], "w").write("{}")
        except OSError:
            pass
        raise SystemExit("late")


kept = []


def honest_first(x):
    return 2 * x + 1


def attack(x):
    late = Late()
    late.itself = late
    weakref.finalize(late, print, "finalized")
    kept.append(late)
    return Late()


def honest_last(x):
    return x * x - 1
