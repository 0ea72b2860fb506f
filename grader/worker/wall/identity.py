"""Becoming nobody in particular: another uid and gid where we are root, and no capability in any case.

A dropped uid must still reach the interpreter: Python installed below a 0700 home is out of reach for anyone but
its owner, and the student would read "No module named decimal". Root without its capabilities is in the same
place towards other people's homes. So both are rehearsed, and left out with the reason where they would break
imports.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
from typing import TYPE_CHECKING

from grader.worker.wall import kernel
from grader.worker.wall.rehearsal import rehearse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CAPABILITY_VERSION_3 = 0x20080522
AMBIENT_CLEAR_ALL = 4
MOST_CAPABILITIES = 64  # the kernel says EINVAL at the first one that it does not know


def become(uid: int, gid: int) -> str:
    """Change to another user for good, with no groups.

    Raises:
        OSError: we are not root, or this root may not (a container with all capabilities dropped).
    """
    if sys.platform != "win32":
        os.setgroups([])
        if sys.platform == "linux":
            os.setresgid(gid, gid, gid)
            os.setresuid(uid, uid, uid)
        else:
            os.setgid(gid)
            os.setuid(uid)
    return f"uid {uid}, gid {gid}, no groups"


def empty_bounding_set() -> None:
    """Let no program that is ever executed gain a capability.

    Only who has the capability to do so can; who has not has nothing to lose by it. It is inherited and costs a
    call for each of 41 capabilities (0.26 ms), so a zygote does it once.
    """
    if kernel.prctl(kernel.PR_CAPBSET_READ, 0) == 0:
        return
    for capability in range(MOST_CAPABILITIES):
        try:
            kernel.prctl(kernel.PR_CAPBSET_DROP, capability)
        except OSError as error:
            if error.errno in (errno.EINVAL, errno.EPERM):  # past the last one; or we have none to begin with
                return
            raise


def drop_capabilities() -> str:
    """Give up every capability: what a root or a user namespace leaves us.

    Raises:
        OSError: the kernel refuses.
    """
    empty_bounding_set()
    kernel.prctl(kernel.PR_CAP_AMBIENT, AMBIENT_CLEAR_ALL)
    kernel.capset(struct.pack("=Ii", CAPABILITY_VERSION_3, 0), bytes(24))
    return "none left"


def why_not_become(uid: int, gid: int, roots: Iterable[Path]) -> str | None:
    """Why we cannot run as another user, or None if we can and the roots stay readable."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return "only root can change to another user"

    def rehearsed() -> None:
        become(uid, gid)
        _read_each(roots)

    return rehearse(rehearsed)


def why_not_drop(roots: Iterable[Path]) -> str | None:
    """Why we cannot give up our capabilities, or None if we can and the roots stay readable."""

    def rehearsed() -> None:
        drop_capabilities()
        _read_each(roots)

    return rehearse(rehearsed)


def _read_each(roots: Iterable[Path]) -> None:
    for root in roots:
        try:
            os.close(os.open(root, os.O_RDONLY))
        except OSError as error:
            raise OSError(f"{root} would be out of reach ({error.strerror}): imports would fail") from error
