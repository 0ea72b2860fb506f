"""Makes processes past Python: fork, vfork, clone with and without flags, clone3.

Not one starts.
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
    attempts = (
        ("fork", lambda: call(57, -1)),
        ("clone", lambda: call(56, 220, 17, 0, 0, 0, 0)),
        ("clone of files", lambda: call(56, 220, 0x400 | 17, 0, 0, 0, 0)),
        ("clone3", lambda: call(435, 435, ctypes.create_string_buffer(struct.pack("=8Q", 0, 0, 0, 0, 17, 0, 0, 0)), 64)),
    )
    for name, attempt in attempts:
        try:
            if attempt() == 0:
                os._exit(0)
            success(name)
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
