"""Undoes what was set for it: traceable again, no death with the parent, another filter, another rule set.

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
    allow = ctypes.create_string_buffer(struct.pack("=HBBI", 6, 0, 0, 0x7FFF0000))
    program = ctypes.create_string_buffer(struct.pack("@HP", 1, ctypes.addressof(allow)))
    for name, attempt in (
        ("traceable", lambda: call(157, 167, 4, 1, 0, 0, 0)),
        ("no death with the parent", lambda: call(157, 167, 1, 0, 0, 0, 0)),
        ("a filter", lambda: call(157, 167, 22, 2, ctypes.addressof(program), 0, 0)),
        ("a filter by its own call", lambda: call(317, 277, 1, 8, ctypes.addressof(program))),
        ("a rule set", lambda: call(444, 444, ctypes.create_string_buffer(struct.pack("=Q", 1)), 8, 0)),
        ("a subreaper", lambda: call(157, 167, 36, 1, 0, 0, 0)),
    ):
        try:
            attempt()
            success(name)
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
