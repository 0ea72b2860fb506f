"""Leaves memory, queues, semaphores, names and sockets in the kernel, and ends; looks for them in every worker.

Workers of one zygote have no kernel object in common that one of them could make or change.
"""

import ctypes
import os
import platform
import socket

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def call(x86_64, aarch64, *arguments):
    """Make a system call past Python, by its number."""
    number = x86_64 if platform.machine() == "x86_64" else aarch64
    words = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result = libc.syscall(ctypes.c_long(number), *words)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for name, look in (
        ("memory", lambda: call(29, 194, 0x5EED, 4096, 0)),
        ("a queue", lambda: call(68, 186, 0x5EED, 0)),
        ("semaphores", lambda: call(64, 190, 0x5EED, 1, 0)),
        ("a name", lambda: 1 / (socket.gethostname() == "hostile")),
        ("a socket", lambda: socket.socket(socket.AF_UNIX).connect("\0hostile-left")),
    ):
        try:
            look()
            success("found what was left:", name)
        except (OSError, ZeroDivisionError):
            pass
    for leave in (
        lambda: call(29, 194, 0x5EED, 4096, 0o1666),
        lambda: call(68, 186, 0x5EED, 0o1666),
        lambda: call(64, 190, 0x5EED, 1, 0o1666),
        lambda: socket.sethostname("hostile"),
        lambda: socket.socket(socket.AF_UNIX).bind("\0hostile-left"),
    ):
        try:
            leave()
        except OSError:
            pass
    os._exit(0)


def honest_last(x):
    return x * x - 1
