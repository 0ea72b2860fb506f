"""Changes how the kernel runs it: predictable addresses, executable data, segments of its own.

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
    attempts = [("personality", (135, 92), (0x0040000 | 0x0400000,))]
    if platform.machine() == "x86_64":
        attempts += [
            ("segments", (154, -1), (1, struct.pack("=4I", 0, 0, 0xFFFFF, 0x51), 16)),
            ("ports", (172, -1), (3,)),
        ]
    for name, numbers, arguments in attempts:
        try:
            call(*numbers, *arguments)
            success(name)
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
