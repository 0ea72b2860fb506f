"""Becomes root, or any other user, and asks for capabilities.

Refused.
"""

import ctypes
import os
import platform
import struct

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
    start = os.getresuid()
    everything = struct.pack("=6I", *[0xFFFFFFFF] * 6)
    for name, attempt in (
        ("capabilities", lambda: call(126, 91, struct.pack("=Ii", 0x20080522, 0), everything)),
        ("groups", lambda: os.setgroups([0, 27, 999])),
        ("user 0", lambda: os.setresuid(0, 0, 0) or start == (0, 0, 0) and 1 / 0),
        ("user 12345", lambda: os.setresuid(12345, 12345, 12345)),
    ):
        try:
            attempt()
            success(name)
        except (OSError, ZeroDivisionError):
            pass
    return x


def honest_last(x):
    return x * x - 1
