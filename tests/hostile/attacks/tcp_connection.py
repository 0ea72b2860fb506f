"""Connects to a port on this machine and sends what it was asked.

Nobody is called.
"""

import socket

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::ffff:127.0.0.1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as caller:
                caller.settimeout(0.1)
                caller.connect((address, WHERE["tcp"]))
                caller.send(repr(x).encode())
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
