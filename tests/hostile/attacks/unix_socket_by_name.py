"""Connects to a socket that has a name but no path, so that no folder's rights protect it.

Nobody is called.
"""

import socket

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    try:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(0.1)
            caller.connect("\0" + WHERE["abstract"])
            caller.send(repr(x).encode())
    except OSError:
        pass
    return x


def honest_last(x):
    return x * x - 1
