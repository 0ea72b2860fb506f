"""Lets the kernel signal the process that it was forked from: owners of descriptors, timers, queues, ids of threads.

None of these is allowed.
"""

import ctypes
import fcntl
import os
import platform
import signal
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
    event = ctypes.create_string_buffer(struct.pack("@QiiI", 0, signal.SIGKILL, 4, parent) + bytes(44))
    made = ctypes.create_string_buffer(8)
    information = ctypes.create_string_buffer(struct.pack("@iii", signal.SIGKILL, 0, -2) + bytes(116))
    for name, attempt in (
        ("the owner of a pipe", lambda: fcntl.fcntl(3, fcntl.F_SETOWN, parent)),
        ("a signal for a pipe", lambda: fcntl.fcntl(3, 10, signal.SIGKILL)),
        ("a timer", lambda: call(222, 107, 0, event, made)),
        ("tkill", lambda: call(200, 130, parent, signal.SIGKILL)),
        ("tgkill", lambda: call(234, 131, parent, parent, signal.SIGKILL)),
        ("a queued signal", lambda: call(129, 138, parent, signal.SIGKILL, information)),
        ("a signal queued for a thread", lambda: call(297, 240, parent, parent, signal.SIGKILL, information)),
        ("a descriptor of the process", lambda: call(434, 434, parent, 0)),
    ):
        try:
            attempt()
            success(name)
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
