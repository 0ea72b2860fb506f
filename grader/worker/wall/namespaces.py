"""New namespaces: a network with no interface, own IPC, host name and mounts.

Root makes them as it is. Anybody else needs a user namespace around them, whose maps are written from inside;
a process that is not dumpable cannot (its /proc/self is root's), so this comes before that. Ubuntu since 24.04
lets anyone make a user namespace but takes away what one could do in it; default containers refuse all of them.
That is why this is rehearsed first: a half-made user namespace cannot be left again.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from grader.worker.wall import kernel
from grader.worker.wall.process import set_dumpable
from grader.worker.wall.rehearsal import rehearse

NEW_MOUNTS, NEW_HOST_NAME, NEW_IPC, NEW_USER, NEW_NETWORK = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x40000000
ALL_BUT_USER = NEW_MOUNTS | NEW_HOST_NAME | NEW_IPC | NEW_NETWORK
UBUNTU_SWITCH = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


def enforce() -> str:
    """Leave the parent's namespaces.

    Raises:
        OSError: the kernel, a container or AppArmor refuses.
    """
    if sys.platform == "win32" or os.geteuid() == 0:
        kernel.unshare(ALL_BUT_USER)
        return "network, IPC, host name, mounts"
    uid, gid = os.geteuid(), os.getegid()
    set_dumpable(True)
    kernel.unshare(NEW_USER | ALL_BUT_USER)
    _write("setgroups", "deny")  # the kernel asks for this before gid_map
    _write("uid_map", f"{uid} {uid} 1")
    _write("gid_map", f"{gid} {gid} 1")
    return "user, network, IPC, host name, mounts"


def renew() -> str:
    """Leave what a sibling might have left something in, and what costs next to nothing to have anew.

    Raises:
        OSError: the kernel refuses.
    """
    kernel.unshare(NEW_IPC | NEW_HOST_NAME)
    return "IPC and host name each worker's own"


def part() -> None:
    """Leave the network and the mounts of the process that has forked this one, too.

    Raises:
        OSError: the kernel refuses.
    """
    kernel.unshare(NEW_MOUNTS | NEW_NETWORK)


def _write(name: str, text: str) -> None:
    # In one write: the kernel takes a map whole, once. Path.write_text would do, but opens in ways that truncate.
    descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def why_not() -> str | None:
    """Why this process cannot have namespaces of its own, or None if it can."""
    error = rehearse(enforce)
    if error is None:
        return None
    return f"{error}{_ubuntu()}"


def _ubuntu() -> str:
    try:
        is_on = UBUNTU_SWITCH.read_text().strip() == "1"
    except OSError:
        return ""
    return " (AppArmor restricts user namespaces here)" if is_on else ""
