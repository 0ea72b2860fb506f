"""Looks for the ruleset that all workers of a zygote share, by descriptor, and adds a rule that opens everything.

It is closed in the worker, and rules cannot be added.
"""

import ctypes
import gc
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
    try:
        place = os.open("/", 0o10000000)
    except OSError:
        place = 0
    rights = (1 << 2) | (1 << 3)
    rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, place), 12)
    for number in range(1024):
        try:
            call(445, 445, number, 1, rule, 0)
            success("added a rule to", number)
        except OSError:
            pass
    for number in range(5, 1024):
        try:
            os.fstat(number)
        except OSError:
            continue
        if number != place:
            success("a descriptor that it was not given", number)
    for each in gc.get_objects():
        if type(each).__name__ == "Ruleset":
            try:
                os.fstat(each.descriptor)
                if each.descriptor not in (0, 1, 2, 3, 4, place):
                    success("the ruleset is open", each.descriptor)
            except OSError:
                pass
    if place:
        os.close(place)
    return x


def honest_last(x):
    return x * x - 1
