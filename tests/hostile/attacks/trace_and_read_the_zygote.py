"""Reads, writes and traces the process that it was forked from, and takes its descriptors.

Its memory and its socket stay its own.
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
    parent = os.getppid()
    here = ctypes.create_string_buffer(64)
    local = struct.pack("@PN", ctypes.addressof(here), 64)
    remote = struct.pack("@PN", ctypes.addressof(here), 64)
    for name, attempt in (
        ("read its memory", lambda: call(310, 270, parent, local, 1, remote, 1, 0)),
        ("wrote its memory", lambda: call(311, 271, parent, local, 1, remote, 1, 0)),
        ("attached to it", lambda: call(101, 117, 16, parent, 0, 0)),
        ("seized it", lambda: call(101, 117, 0x4206, parent, 0, 0)),
        ("opened its memory", lambda: os.close(os.open(f"/proc/{parent}/mem", os.O_RDONLY))),
        ("opened its maps", lambda: os.close(os.open(f"/proc/{parent}/maps", os.O_RDONLY))),
        ("listed its descriptors", lambda: os.listdir(f"/proc/{parent}/fd")),
        ("opened its environment", lambda: os.close(os.open(f"/proc/{parent}/environ", os.O_RDONLY))),
        ("became its debugger's child", lambda: call(101, 117, 0, 0, 0, 0)),
    ):
        try:
            attempt()
            success(name)
        except OSError:
            pass
    for number in range(3, 12):
        try:
            success("took its descriptor", call(438, 438, call(434, 434, parent, 0), number, 0))
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
