"""Reads a secret in the grading process' memory with process_vm_readv.

Refused.
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
    here = ctypes.create_string_buffer(WHERE["length"])
    local = struct.pack("@PN", ctypes.addressof(here), len(here))
    remote = struct.pack("@PN", WHERE["address"], len(here))
    try:
        call(310, 270, WHERE["grader"], local, 1, remote, 1, 0)
        print(here.raw.decode())
    except OSError:
        pass
    return x


def honest_last(x):
    return x * x - 1
