"""Opens files without reading rights (O_PATH), then again through /proc/self/fd, and by openat2.

The second opening is refused, too.
"""

import ctypes
import os
import platform
import struct

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
    for place in (WHERE["rubric"], WHERE["other"], WHERE["result"]):
        try:
            held = os.open(place, os.O_PATH)
            print(open(f"/proc/self/fd/{held}").read())
        except OSError:
            pass
        try:
            opened = call(437, 437, -100, place.encode(), ctypes.create_string_buffer(struct.pack("=QQQ", 0, 0, 0)), 24)
            print(os.read(opened, 4096).decode())
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
