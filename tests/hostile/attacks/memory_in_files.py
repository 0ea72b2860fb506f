"""Keeps memory in files that are in no folder, where no limit counts it.

None can be made.
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
    for name, attempt in (("memfd", lambda: os.memfd_create("hidden")), ("memfd_secret", lambda: call(447, 447, 0))):
        try:
            descriptor = attempt()
            success(name, "holds", os.write(descriptor, bytes(1 << 22)) if name == "memfd" else "memory")
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
