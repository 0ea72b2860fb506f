"""Writes full marks into a report that is there already, and into its own before it is.

No file changes.
"""

import os

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for name in ("other.json", "overwrite_the_results.json", "results.json"):
        path = os.path.join(WHERE["results"], name)
        for flags in (os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_APPEND):
            try:
                os.write(os.open(path, flags, 0o666), b'{"score": 7.0}')
            except OSError:
                pass
    return x


def honest_last(x):
    return x * x - 1
