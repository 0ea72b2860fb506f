"""Sends what it was asked in a datagram, which needs no connection.

Nobody hears it.
"""

import socket

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::ffff:127.0.0.1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as caller:
                caller.sendto(repr(x).encode(), (address, WHERE["udp"]))
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
