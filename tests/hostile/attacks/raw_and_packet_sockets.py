"""Opens sockets that see or forge other processes' packets.

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
    kinds = (
        (socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
        (socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP),
        (17, socket.SOCK_RAW, 0x0300),
        (17, socket.SOCK_DGRAM, 0x0300),
    )
    for kind in kinds:
        try:
            socket.socket(*kind).close()
            success("a socket of kind", kind)
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
