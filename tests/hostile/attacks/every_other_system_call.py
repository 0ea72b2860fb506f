"""Makes every system call that no homework needs, by its number, with arguments that do nothing.

Each is refused or unknown; none ends the process.
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

# Not among them: what would end this process, wait, or change the machine.
X86_64 = [59, 101, 122, 123, 134, 136, 139, 156, 163, 174, 177, 178, 179, 181, 182, 183, 184, 185, 211, 212, 215, 236, 238, 239, 256, 279]
NEWER = [324, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 440, 442, 443, 444, 445, 446, 447, 448, 450, 451, 457, 458, 459, 460, 461, 463, 464, 465, 466, 467, 468, 469, 470, 471, 480, 490, 500, 511]
REFUSED = {1, 38}  # EPERM, ENOSYS


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for number in (X86_64 if platform.machine() == "x86_64" else []) + NEWER:
        if number == 324:  # membarrier, which libraries use
            continue
        libc.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 6)
        if ctypes.get_errno() not in REFUSED:
            success("system call", number, "says", os.strerror(ctypes.get_errno()))
        ctypes.set_errno(0)
    return x


def honest_last(x):
    return x * x - 1
