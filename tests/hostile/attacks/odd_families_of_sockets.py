"""Opens sockets of families that nobody thinks of: to a hypervisor, to the kernel's ciphers, pairs.

Refused.
"""

import socket

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for family in (38, 40, 15, 16, 29, 31, 44):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_RAW):
            try:
                socket.socket(family, kind).close()
                success("a socket of family", family)
            except OSError:
                pass
    try:
        socket.socketpair()
        success("a pair of sockets")
    except OSError:
        pass
    return x


def honest_last(x):
    return x * x - 1
