"""Leaves functions to run at the process' end that print results and write files.

Nobody listens any more then, and there is nowhere to write.
"""

import atexit
import os
import sys

WHERE = "@where@"


def late():
    print('{"score": 7}')
    with open(os.path.join(WHERE["results"], "late.json"), "w") as stream:
        stream.write('{"score": 7}')


def honest_first(x):
    return 2 * x + 1


def attack(x):
    atexit.register(late)
    sys.exit(0)


def honest_last(x):
    return x * x - 1
