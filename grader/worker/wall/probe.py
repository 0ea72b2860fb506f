"""Proving the wall from inside: each forbidden thing is tried, and what counts is whether it happened.

A return code proves little: `kill(-1)` succeeds under Landlock although nobody was signalled. So a probe opens
the file, makes the socket, starts the thread, and reports what it got. Nothing here does harm where the wall has
a hole: modes are set to what they are, files cut to their own length, and a new file is removed.
"""

from __future__ import annotations

import _thread
import ctypes
import errno
import functools
import mmap
import os
import signal
import socket
import struct
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.worker.wall import kernel
from grader.worker.wall.syscalls import native, number

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.worker.wall.layers import LayerName

PR_GET_PDEATHSIG, PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS = 2, 3, 39
PATIENCE = 1.0


@dataclass(frozen=True)
class Outside:
    """Things beyond the wall that would be in reach without it, and that nobody but their owner may touch."""

    file: Path
    folder: Path
    parent: int
    memory_bytes: int = 1 << 30


@dataclass(frozen=True)
class Probe:
    """What became of one attempt."""

    attempt: str
    closed_by: tuple[LayerName, ...]  # any of them is enough
    held: bool
    detail: str


class _Nothing(Exception):  # noqa: N818  not an error: the attempt had no effect
    """The attempt raised nothing and changed nothing."""


def probe(outside: Outside) -> list[Probe]:
    """Try everything. To be run in a worker whose wall is up, and that has nothing else to do."""
    return [_try(name, layers, attempt) for name, layers, attempt in _attempts(outside)]


def _try(name: str, layers: tuple[LayerName, ...], attempt: Callable[[], object]) -> Probe:
    try:
        result = attempt()
    except (OSError, RuntimeError, MemoryError, ValueError, _Nothing) as error:
        return Probe(name, layers, held=True, detail=str(error) or type(error).__name__)
    return Probe(name, layers, held=False, detail="" if result is None else str(result))


Attempt = tuple[str, "tuple[LayerName, ...]", "Callable[[], object]"]


def _attempts(outside: Outside) -> Iterator[Attempt]:
    yield from _files(outside)
    yield from _network()
    yield from _processes(outside)
    yield from _resources(outside)
    yield from _kernel()


def _files(outside: Outside) -> Iterator[Attempt]:
    file, folder = outside.file, outside.folder
    parent = f"/proc/{outside.parent}"
    yield "read a file", ("landlock", "uid"), lambda: len(_read(file))
    yield "list a folder", ("landlock", "uid"), lambda: len(os.listdir(folder))  # noqa: PTH208  effect, not Path
    yield "create a file", ("landlock", "seccomp", "uid"), lambda: _create(folder)
    yield "open a file for writing", ("landlock", "seccomp", "uid"), lambda: _open(file, os.O_WRONLY)
    yield "truncate a file", ("landlock", "seccomp", "uid"), lambda: os.truncate(file, file.stat().st_size)
    yield "change a file's mode", ("seccomp", "uid"), lambda: file.chmod(file.stat().st_mode & 0o7777)
    yield "change a file's times", ("seccomp", "uid"), lambda: _touch(file)
    yield "read the parent's environment", ("landlock", "uid"), lambda: len(_read(f"{parent}/environ"))
    yield "open the parent's memory", ("landlock", "uid"), lambda: _open(f"{parent}/mem", os.O_RDONLY)
    yield "inherit a descriptor", ("descriptors",), _inherited


def _network() -> Iterator[Attempt]:
    families = ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK")
    for family in (name for name in families if hasattr(socket, name)):
        kind = socket.SOCK_RAW if family == "AF_NETLINK" else socket.SOCK_DGRAM
        which = getattr(socket, family)
        yield f"a socket of {family}", ("seccomp",), functools.partial(_socket, which, kind)
    yield "reach this machine's network", ("namespaces", "seccomp"), _interfaces


def _processes(outside: Outside) -> Iterator[Attempt]:
    yield "fork", ("seccomp",), _fork
    yield "start a thread", ("seccomp",), _start_thread
    yield "execute a program", ("seccomp",), _execute
    yield "outlive the parent", ("parent",), _outlive
    yield "be read by others of the same user", ("undumpable",), lambda: _is_set(PR_GET_DUMPABLE, 1)
    yield "gain privileges", ("no_new_privs",), lambda: _is_set(PR_GET_NO_NEW_PRIVS, 0)
    yield "signal the parent", ("seccomp", "landlock", "uid"), lambda: _signal(outside.parent)
    yield "read the parent's memory", ("seccomp", "landlock", "uid"), lambda: _peek(outside.parent)
    yield "hold the parent by a descriptor", ("seccomp",), lambda: _call("pidfd_open", outside.parent, 0)
    yield "share the parent's process group", ("session",), lambda: _in_group_of(outside.parent)


def _resources(outside: Outside) -> Iterator[Attempt]:
    yield "more memory than allowed", ("limits",), lambda: mmap.mmap(-1, outside.memory_bytes).close()
    yield "memory in a hidden file", ("seccomp",), lambda: _call("memfd_create", b"probe", 0)
    yield "change a limit", ("seccomp",), _set_limit


def _kernel() -> Iterator[Attempt]:
    yield "new namespaces", ("seccomp",), lambda: kernel.unshare(0x04000000)
    yield "an io_uring", ("seccomp",), lambda: _call("io_uring_setup", 1, ctypes.create_string_buffer(120))
    yield "a user's fault handler", ("seccomp",), lambda: _call("userfaultfd", 1)
    yield "watching files", ("seccomp",), lambda: _call("inotify_init1", 0)
    yield "becoming root", ("uid", "capabilities", "seccomp"), _become_root


def _call(name: str, *arguments: kernel.Argument) -> int:
    architecture = native()
    nr = None if architecture is None else number(name, architecture)
    if nr is None:
        raise _Nothing("there is no such call here")
    return kernel.syscall(nr, *arguments, name=name)


def _read(path: Path | str) -> bytes:
    with open(path, "rb") as stream:  # noqa: PTH123  a path in /proc
        return stream.read(1 << 16)


def _open(path: Path | str, flags: int) -> None:
    os.close(os.open(path, flags))


def _create(folder: Path) -> None:
    path = folder / f"probe-{os.getpid()}"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    path.unlink()


def _touch(file: Path) -> None:
    times = file.stat()
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def _inherited() -> str:
    """Find open descriptors beyond the worker's own five."""
    found = []
    for descriptor in range(5, 256):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        found.append(descriptor)
    if not found:
        raise _Nothing("none")
    return ", ".join(map(str, found))


def _socket(family: int, kind: int) -> None:
    socket.socket(family, kind).close()


def _interfaces() -> str:
    """See whether an interface is up beside the loopback."""
    names = [name for _, name in socket.if_nameindex() if name != "lo"]
    if not names:
        raise _Nothing("no interface")
    return ", ".join(names)


def _fork() -> str:
    if sys.platform == "win32":
        raise _Nothing("no fork here")
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return f"process {child}"


def _start_thread() -> str:
    ran: list[int] = []
    _thread.start_new_thread(ran.append, (1,))
    deadline = time.monotonic() + PATIENCE
    while not ran and time.monotonic() < deadline:
        time.sleep(0.001)
    if not ran:
        raise _Nothing("it never ran")
    return "it ran"


def _execute() -> str:
    """Only a missing program: a real one would replace us. "Not found" says that the kernel went to look."""
    try:
        os.execv("/nowhere/at/all", ["nothing"])  # noqa: S606  no shell, no program
    except FileNotFoundError:
        return "the kernel looked for it"


def _outlive() -> str:
    """Ask the kernel: there is no trying this and coming back."""
    if sys.platform != "linux":
        return "nothing ties us to it here"
    sent = ctypes.c_int()
    kernel.prctl(PR_GET_PDEATHSIG, ctypes.addressof(sent))
    if sent.value == signal.SIGKILL:
        raise _Nothing("killed with it")
    return "no signal would come"


def _is_set(option: int, dangerous: int) -> None:
    if sys.platform == "linux" and kernel.prctl(option) != dangerous:
        raise _Nothing("the kernel says no")


def _signal(other: int) -> None:
    if sys.platform != "win32":
        os.kill(other, 0)
        return
    # There, 0 is Ctrl+C. What a signal would do, a handle with the right to end the process can do.
    handle = ctypes.WinDLL("kernel32").OpenProcess(1, False, other)
    if not handle:
        raise _Nothing("no handle to it")
    ctypes.WinDLL("kernel32").CloseHandle(handle)


def _peek(other: int) -> str:
    """Read at an address where nothing is: whoever may not read at all is told that first."""
    here = ctypes.create_string_buffer(8)
    local = struct.pack("@PN", ctypes.addressof(here), 8)
    try:
        _call("process_vm_readv", other, local, 1, struct.pack("@PN", 8, 8), 1, 0)
    except OSError as error:
        if error.errno != errno.EFAULT:
            raise
    return "only the address was wrong"


def _in_group_of(other: int) -> str:
    if sys.platform == "win32" or os.getpgid(0) != os.getpgid(other):
        raise _Nothing("a group of its own")
    return "the same group"


def _set_limit() -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))
        return
    raise _Nothing("there are none")


def _become_root() -> None:
    if sys.platform == "win32":
        raise _Nothing("there is none")
    os.setuid(0)
