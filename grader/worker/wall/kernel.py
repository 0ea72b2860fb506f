"""Calling the kernel where Python has no name for it: system calls by number, prctl, unshare.

Raw ctypes, because the packages that wrap these take 30 ms to import and leave things out.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import sys

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP = 1, 4, 22
PR_CAPBSET_READ, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 23, 24, 38, 47

Argument = int | bytes | ctypes.Array[ctypes.c_char] | None


def _libc() -> ctypes.CDLL:
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, "only Linux has such calls")
    return _declared()


@functools.cache
def _declared() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    return libc


def _checked(result: int, what: str) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def syscall(number: int, *arguments: Argument, name: str = "") -> int:
    """Make a system call.

    Raises:
        OSError: with what the kernel says and the name of the call.
    """
    # ctypes passes a bare int as 32 bits; the kernel reads a whole register.
    words = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return _checked(_libc().syscall(ctypes.c_long(number), *words), name or f"system call {number}")


def prctl(option: int, first: int = 0, second: int = 0, third: int = 0, fourth: int = 0) -> int:
    """Change or ask something about this process.

    Raises:
        OSError: with what the kernel says.
    """
    return _checked(_libc().prctl(option, first, second, third, fourth), f"prctl({option}, {first})")


def unshare(flags: int) -> None:
    """Leave namespaces for new ones (os.unshare is 3.12).

    Raises:
        OSError: with what the kernel says.
    """
    _checked(_libc().unshare(ctypes.c_int(flags)), "unshare")


def capset(header: bytes, sets: bytes) -> None:
    """Set this thread's capabilities; libc has the call without declaring it.

    Raises:
        OSError: with what the kernel says.
    """
    _checked(_libc().capset(header, sets), "capset")
