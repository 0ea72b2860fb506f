"""Looks for the socket over which workers are ordered: among descriptors, objects and frames, and sends orders.

It was closed before anything else; no worker is forked, and no status is asked for.
"""

import array
import gc
import os
import socket
import struct
import sys

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    found = [each for each in gc.get_objects() if isinstance(each, socket.socket)]
    frame = sys._getframe()
    while frame:
        found += [each for each in frame.f_locals.values() if isinstance(each, socket.socket)]
        frame = frame.f_back
    for each in found:
        if each.fileno() >= 0:
            success("an open socket", each)
    ends = array.array("i", [3, 4, 1])
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, ends)]
    for number in range(1024):
        try:
            one = socket.socket(fileno=os.dup(number))
            one.sendmsg([b"f"], rights)
            success("ordered a worker over", number)
            one.send(b"w" + struct.pack("<q", os.getpid()))
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
