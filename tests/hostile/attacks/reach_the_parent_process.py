"""Reads, writes and traces its own parent, whose memory is laid out as its own, and takes its descriptors.

Refused: what comes after this submission is not touched by it.
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
    parent, mine = os.getppid(), ctypes.create_string_buffer(b"hostile", 8)
    area = struct.pack("@PN", ctypes.addressof(mine), 8)
    code = struct.pack("@PN", id(os), 8)
    for name, attempt in (
        ("reads", lambda: call(310, 270, parent, area, 1, code, 1, 0)),
        ("traces", lambda: call(101, 117, 0x4206, parent, 0, 0)),
        ("opens", lambda: os.open(f"/proc/{parent}/mem", os.O_RDWR)),
        ("holds", lambda: call(434, 434, parent, 0)),
        ("lists", lambda: os.listdir(f"/proc/{parent}/fd")),
        ("changes the session of", lambda: os.setpgid(parent, 0)),
    ):
        try:
            attempt()
            success(name, "its parent")
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
