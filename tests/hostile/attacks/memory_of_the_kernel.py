"""Fills pipes, makes them as large as they may be, and opens timers and event counters by the hundred.

What the kernel would keep for it is refused or bounded.
"""

import ctypes
import fcntl
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
    reading, writing = os.pipe()
    try:
        success("a pipe of", fcntl.fcntl(writing, 1031, 1 << 20))
    except OSError:
        pass
    for name, numbers, arguments in (
        ("epoll", (291, 20), (0,)),
        ("eventfd", (290, 19), (0, 0)),
        ("timerfd", (283, 85), (0, 0)),
        ("a kernel's asynchronous queue", (206, 0), (1, ctypes.create_string_buffer(8))),
    ):
        try:
            call(*numbers, *arguments)
            success(name)
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
