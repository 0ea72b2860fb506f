"""Lists the folders of results and submissions, which alone tells who else has handed in.

They are out of reach.
"""

import os

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for place in ("results", "folder", "inbox"):
        try:
            success("listed", os.listdir(WHERE[place]))
        except OSError:
            pass
        try:
            success("scanned", [each.name for each in os.scandir(WHERE[place])])
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
