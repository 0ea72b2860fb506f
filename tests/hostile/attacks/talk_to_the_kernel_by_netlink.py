"""Opens a netlink socket and asks for the machine's addresses.

Refused.
"""

import socket
import struct

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as caller:
            caller.settimeout(0.1)
            caller.sendto(struct.pack("=IHHIIB3x", 20, 22, 0x301, 1, 0, 0), (0, 0))
            success("addresses:", len(caller.recv(65536)))
    except OSError:
        pass
    return x


def honest_last(x):
    return x * x - 1
