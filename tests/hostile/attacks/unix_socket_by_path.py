"""Connects to a socket in the file system that everybody may connect to.

Nobody is called.
"""

import socket

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for path in (WHERE["unix"], "/run/docker.sock", "/run/dbus/system_bus_socket", "/dev/log"):
        try:
            with socket.socket(socket.AF_UNIX) as caller:
                caller.settimeout(0.1)
                caller.connect(path)
                caller.send(repr(x).encode())
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
