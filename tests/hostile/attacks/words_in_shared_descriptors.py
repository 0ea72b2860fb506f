"""Leaves a word for the next submission in what descriptors share: flags, places, locks; and ends.

No descriptor of a worker leads to an open file that another worker has.
"""

import fcntl
import os

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for number in range(64):
        try:
            flags = fcntl.fcntl(number, fcntl.F_GETFL)
            place = os.lseek(number, 0, os.SEEK_CUR) if number not in (1, 2, 3, 4) else 0
        except OSError:
            continue
        if flags & (os.O_NONBLOCK | os.O_APPEND) or place == 4711:
            success("found a word in", number, oct(flags), place)
    for number in range(64):
        for leave in (
            lambda: os.lseek(number, 4711, os.SEEK_SET),
            lambda: fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB),
            lambda: fcntl.fcntl(number, fcntl.F_SETFL, os.O_NONBLOCK | os.O_APPEND),
        ):
            try:
                leave()
            except OSError:
                pass
    os._exit(0)


def honest_last(x):
    return x * x - 1
