"""Moves pages between pipes and files inside the kernel, a way in of several exploits.

Refused.
"""

import ctypes
import os
import platform

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
    reading, writing = os.pipe()
    second = os.pipe()
    os.write(writing, b"x" * 100)
    source = os.open(os.__file__, os.O_RDONLY)
    for name, attempt in (
        ("splice", lambda: call(275, 76, source, None, writing, None, 10, 0)),
        ("tee", lambda: call(276, 77, reading, second[1], 10, 0)),
        ("sendfile", lambda: call(40, 71, writing, source, None, 10)),
    ):
        try:
            success(name, attempt())
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
