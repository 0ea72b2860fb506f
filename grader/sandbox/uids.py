"""The users that workers become where the grader is root: no two live workers of a machine have the same.

Theory of operation: a user is taken by binding a unix socket to a name made of it. The kernel lets one process
hold a name, and gives it up when that process ends, however it ends. Graders that do not see each other's names
are in containers of their own; their workers do not see each other either.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
import threading

FIRST_UID = 61_184
"""Between the accounts that people and packages have and `nobody`: no file belongs to this and those after it."""

_UIDS = 4_000
# The zero makes it a name without a file.
_NAME = "\0grader-worker-"
# Graders that start at the same place would try each other's names in vain.
_APART = 16

_taken: dict[int, int | None] = {}
_taking = threading.Lock()


class _HeldError(Exception):
    """Another process holds the name."""


def take_uid() -> int:
    """Return a uid that no live worker has, neither of this process's boxes nor, on Linux, of another grader's.

    Where somebody holds all the names, it is one that no worker of this process has.

    Raises:
        OSError: there are no descriptors left.
    """
    start = os.getpid() * _APART
    candidates = (FIRST_UID + (start + offset) % _UIDS for offset in range(_UIDS))
    with _taking:
        passed_over = []
        for uid in candidates:
            if uid not in _taken:
                with contextlib.suppress(_HeldError):
                    _taken[uid] = _hold(uid)
                    return uid
                passed_over.append(uid)
        _taken[passed_over[0]] = None
        return passed_over[0]


def give_back_uid(uid: int) -> None:
    """Let others have a uid; its worker is gone."""
    with _taking:
        held = _taken.pop(uid, None)
    if held is not None:
        os.close(held)


def _hold(uid: int) -> int | None:
    """Return the descriptor that holds the name of a uid, None where there are no such names.

    Raises:
        _HeldError: another process holds it.
        OSError: there are no descriptors left.
    """
    if sys.platform != "linux":
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as name:
        try:
            name.bind(f"{_NAME}{uid}")
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise _HeldError from error
            raise
        return name.detach()
