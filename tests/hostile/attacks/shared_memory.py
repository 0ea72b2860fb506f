"""Makes shared memory that outlives it, by name and by key.

There is none afterwards.
"""

import ctypes
import os
import platform
from multiprocessing import shared_memory

WHERE = "@where@"


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
    try:
        shared_memory.SharedMemory("hostile-memory", create=True, size=1 << 20)
    except OSError:
        pass
    try:
        call(29, 194, 0x1234, 1 << 20, 0o1666)
    except OSError:
        pass
    return x


def honest_last(x):
    return x * x - 1
