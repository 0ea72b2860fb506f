"""Makes a socket and connects it by the numbers of the system calls, past Python's module.

Nobody is called.
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
    for kind, port in ((1, WHERE["tcp"]), (2, WHERE["udp"])):
        try:
            caller = call(41, 198, 2, kind, 0)
            address = struct.pack("=H", 2) + struct.pack(">H", port) + bytes([127, 0, 0, 1]) + bytes(8)
            call(42, 203, caller, address, 16)
            os.write(caller, b"hello")
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
