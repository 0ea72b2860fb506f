"""Mounts a file system over the results, by the old calls and the new, and changes its root.

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
    for name, attempt in (
        ("mount", lambda: call(165, 40, b"none", WHERE["results"].encode(), b"tmpfs", 0, None)),
        ("fsopen", lambda: call(430, 430, b"tmpfs", 0)),
        ("open_tree", lambda: call(428, 428, -100, b"/", 1)),
        ("chroot", lambda: os.chroot(WHERE["desk"])),
        ("umount", lambda: call(166, 39, WHERE["results"].encode(), 2)),
    ):
        try:
            attempt()
            success(name)
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
