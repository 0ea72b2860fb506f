"""Looks up a name that spells what it was asked, and fetches a page.

Nobody is asked.
"""

import ctypes
import socket
import urllib.request

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for attempt in (
        lambda: success(socket.getaddrinfo("localhost", WHERE["tcp"])),
        lambda: success(socket.if_nameindex()),
        lambda: urllib.request.urlopen(f"http://127.0.0.1:{WHERE['tcp']}/{x[0]}", timeout=0.1),
    ):
        try:
            attempt()
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
