"""Opens files and pipes until no more can be opened, and leaves them open.

The call and the later ones still get their answers through.
"""

import os

kept = []


def honest_first(x):
    return 2 * x + 1


def attack(x):
    try:
        while len(kept) < 10_000:
            kept.extend(os.pipe())
    except OSError:
        pass
    return x


def honest_last(x):
    return x * x - 1
