"""A cage around a whole run of the suite, so that an attack that works harms nobody outside.

Theory of operation: as root, a run gets its own process table (its first process is the supervisor: `kill(-1)`
cannot end it, and when it ends, all others do), network, IPC, host name and mounts. There, the temporary folders
are fresh and small, everything else is read-only, and what the grader needs (interpreter, checkout) stays where it
is, and can be made reachable for every user, also when it lives below somebody's private home. None of this is the
wall that is under test: it replaces no layer, and whatever an attack does inside is seen inside.
"""

from __future__ import annotations

import ctypes
import fcntl
import functools
import os
import platform
import re
import shutil
import socket
import stat
import struct
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

FRESH = ("/tmp", "/var/tmp", "/dev/shm")
_MS_RDONLY, _MS_REMOUNT, _MS_BIND, _MS_REC = 1, 32, 4096, 16384
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
_UNSHARE = ("--fork", "--kill-child", "--pid", "--mount-proc", "--net", "--ipc", "--uts", "--mount")
_MOST_PROCESSES = 1000


@functools.cache
def why_not() -> str:
    """Why this machine has no cage; empty when it has one."""
    tool = shutil.which("unshare")
    if sys.platform != "linux" or os.geteuid() != 0 or tool is None:
        return "only root on Linux, with util-linux' unshare, can build one"
    tried = subprocess.run([tool, *_UNSHARE, "true"], capture_output=True, text=True, check=False)
    return tried.stderr.strip() if tried.returncode else ""


def command(inner: list[str]) -> list[str]:
    """Return the command that runs `inner` as the first process of a cage."""
    return ["unshare", *_UNSHARE, *inner]


def furnish(needed: Iterable[Path], *, reachable: bool) -> None:
    """Make the cage's inside: to be called once, by its first process.

    Args:
        needed: folders that stay where they are.
        reachable: for every user, also where they live below somebody's private home.
    """
    _loopback_up()
    _bound_processes()
    kept = {path for each in needed for path in (each.absolute(), each.resolve())}
    covers = {Path(folder) for folder in FRESH if Path(folder).is_dir()}
    if reachable:
        covers |= {cover for path in kept if (cover := _first_closed(path)) is not None}
    for cover in sorted(covers):
        inside = sorted(path for path in kept if cover in path.parents)
        # Opened before the cover hides them.
        handles = {path: os.open(path, os.O_PATH) for path in inside}
        _mount("tmpfs", cover, "tmpfs", 0, "mode=1777,size=512m" if str(cover) in FRESH else "mode=755,size=16m")
        for path, handle in handles.items():
            _bind(handle, path)
    _mount(None, Path("/"), None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY, None)


def sweep() -> None:
    """Empty the temporary folders of a cage, but for what was put there for everybody."""
    mounted = {line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()}
    for folder in FRESH:
        for path in Path(folder).iterdir() if Path(folder).is_dir() else ():
            if any(f"{place}/".startswith(f"{path}/") for place in mounted):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()


def _first_closed(path: Path) -> Path | None:
    """Return the outermost folder above `path` that not everybody may pass."""
    for folder in reversed(path.parents):
        if not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


def _bind(handle: int, target: Path) -> None:
    if target.is_symlink() or target.exists():  # came with an outer one
        os.close(handle)
        return
    target.mkdir(parents=True, mode=0o755)
    _mount(f"/proc/self/fd/{handle}", target, None, _MS_BIND | _MS_REC, None)
    _mount(None, target, None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY, None)
    os.close(handle)


def _mount(source: str | None, target: Path, kind: str | None, flags: int, options: str | None) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    texts = [None if text is None else text.encode() for text in (source, str(target), kind)]
    if libc.mount(*texts, ctypes.c_ulong(flags), None if options is None else options.encode()) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"mount on {target}: {os.strerror(error)}")


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh22x", b"lo", 0)
        (flags,) = struct.unpack_from("h", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, request), 16)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | _IFF_UP))


def _bound_processes() -> None:
    """Bound the number of processes, where that is this cage's own affair (Linux 6.14)."""
    version = tuple(map(int, re.findall(r"\d+", platform.release())[:2]))
    if version >= (6, 14):
        Path("/proc/sys/kernel/pid_max").write_text(str(_MOST_PROCESSES))
