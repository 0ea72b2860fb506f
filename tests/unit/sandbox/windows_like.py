"""Runs a script in a Python on Linux that pretends to be on Windows: `python windows_like.py SCRIPT ARGUMENT...`.

What Windows lacks is taken away from the standard library, and what it has is played: handles are descriptors plus
1000, a job object is a process id that can be killed. Workers are run in the same way. This proves that our code
asks for nothing that Windows lacks, in what order it asks, and that it does without the rest; it cannot prove that
Windows answers as its documentation says.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import importlib
import multiprocessing.connection
import os
import platform
import re
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

HANDLES = 1000
LACKING: dict[types.ModuleType, str] = {
    os: """
        chown chroot fork forkpty fchown getegid geteuid getgid getgroups getpgid getpgrp getresuid getsid getuid
        initgroups killpg lchown mkfifo mknod nice pidfd_open posix_spawn pread setgid setgroups setpgid setresgid
        setresuid setsid setuid set_blocking statvfs uname wait wait3 wait4 waitid O_CLOEXEC O_NOFOLLOW O_DIRECTORY
    """,
    signal: """
        SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGUSR1 SIGXCPU SIGXFSZ alarm pause pthread_kill
        setitimer sigwait
    """,
    select: "poll POLLIN POLLOUT epoll",
    socket: "AF_UNIX SOCK_SEQPACKET send_fds recv_fds",
}
MODULES_LACKING = ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty")
# What these find only later must be there before: it is this system's.
LATER = """
    asyncio concurrent.futures.process email http.client logging.config multiprocessing.connection
    multiprocessing.spawn numpy.random rich.console rich.table scipy typer.rich_utils unittest.mock urllib.request
    uuid zoneinfo
"""
OURS = Path(__file__).parents[3] / "grader"


class Kernel:
    """A kernel32 with as much of a job object as is asked of it, and an OpenProcess."""

    def __init__(self) -> None:
        self.jobs: dict[int, list[int]] = {}
        self.flags: dict[int, int] = {}
        self.open: set[int] = set()
        for name in (name for name in dir(self) if name[0].isupper()):
            # A function that can be given a `restype`, which a method cannot.
            setattr(self, name, functools.partial(getattr(self, name)))

    def _new(self, handle: int) -> int:
        self.open.add(handle)
        return handle

    def CreateJobObjectW(self, _security: None, _name: None) -> int:  # noqa: N802  (Windows's names)
        handle = 500_000 + len(self.jobs)
        self.jobs[handle] = []
        return self._new(handle)

    def OpenProcess(self, rights: int, _inherit: bool, pid: int) -> int:  # noqa: N802
        assert rights in {0x1, 0x101}
        return self._new(1_000_000 + pid)

    def AssignProcessToJobObject(self, job: int, process: int) -> int:  # noqa: N802
        assert {job, process} <= self.open
        assert self.flags[job] & 0x2408 == 0x2408
        self.jobs[job].append(process - 1_000_000)
        return 1

    def SetInformationJobObject(self, job: int, kind: int, place: Any, size: int) -> int:  # noqa: N802
        limits = place._obj  # what byref refers to
        assert (kind, size, limits.basic.processes) == (9, 144, 1)
        assert job in self.open
        self.flags[job] = limits.basic.flags
        return 1

    def QueryInformationJobObject(self, job: int, kind: int, place: Any, size: int, _: None) -> int:  # noqa: N802
        assert (kind, size) == (9, 144)
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{self.jobs[job][0]}/status").read_text()
            peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
            place._obj.peak_process_memory = int(peak.split()[1]) << 10
            return 1
        return 0

    def TerminateJobObject(self, job: int, _status: int) -> int:  # noqa: N802
        assert job in self.open
        for pid in self.jobs[job]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 9)
        return 1

    def CloseHandle(self, handle: int) -> int:  # noqa: N802
        self.open.remove(handle)
        return 1


KERNEL = Kernel()


class StartupInfo:
    def __init__(self, *, lpAttributeList: dict[str, list[int]]) -> None:  # noqa: N803
        self.handles = lpAttributeList["handle_list"]


class Popen(subprocess.Popen[bytes]):
    """Passes handles on as Windows does, and makes the worker pretend as well."""

    inheritable: dict[int, bool] = {}  # noqa: RUF012

    def __init__(self, command: list[str], *, startupinfo: Any, creationflags: int, env: Any, **kept: Any) -> None:
        assert creationflags == subprocess.DETACHED_PROCESS  # type: ignore[attr-defined]  # Windows's
        assert set(env) == {"PYTHONHASHSEED", "SYSTEMROOT"}
        assert not set(kept) - {"stdin", "stdout", "stderr", "cwd"}
        assert all(self.inheritable[handle] for handle in startupinfo.handles)
        script = next(index for index, word in enumerate(command) if word.endswith("__main__.py"))
        command = [*command[:script], __file__, *command[script:]]
        super().__init__(command, env=env, pass_fds=[handle - HANDLES for handle in startupinfo.handles], **kept)

    def kill(self) -> None:
        os.kill(self.pid, 9)


def open_osfhandle(handle: int, flags: int) -> int:
    """Turn a handle into a descriptor, which owns it from then on."""
    assert flags & os.O_NOINHERIT  # type: ignore[attr-defined]  # Windows's
    descriptor = os.dup(handle - HANDLES)
    os.close(handle - HANDLES)
    return descriptor


def _imported_by(folders: list[Path]) -> set[str]:
    """Return the names of all modules that are not ours and that the files below `folders` import."""
    sources = "\n".join(file.read_text(encoding="utf-8") for folder in folders for file in folder.rglob("*.py"))
    found = set(re.findall(r"^ *(?:from|import) ([\w.]+)", sources, re.MULTILINE))
    return {name for name in found if name.partition(".")[0] != "grader"}


def pretend(folders: list[Path]) -> None:
    """Make this process look like one on Windows, from here on, for the code below `folders`."""
    for name in [*LATER.split(), *_imported_by(folders)]:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    platform.uname()  # which remembers
    shutil._use_fd_functions = False  # type: ignore[attr-defined]
    for module, names in LACKING.items():
        for name in filter(functools.partial(hasattr, module), names.split()):
            delattr(module, name)
    for name in MODULES_LACKING:
        sys.modules[name] = None  # type: ignore[assignment]
    msvcrt: Any = types.ModuleType("msvcrt")
    msvcrt.get_osfhandle = lambda descriptor: descriptor + HANDLES
    msvcrt.open_osfhandle = open_osfhandle
    sys.modules["msvcrt"] = msvcrt
    for target, names_and_values in (
        (os, {"O_BINARY": 0, "O_NOINHERIT": 1 << 30, "set_handle_inheritable": Popen.inheritable.__setitem__}),
        (signal, {"SIGBREAK": signal.SIGWINCH}),
        (multiprocessing.connection, {"PipeConnection": multiprocessing.connection.Connection}),
        (subprocess, {"STARTUPINFO": StartupInfo, "DETACHED_PROCESS": 8, "Popen": Popen}),
        (ctypes, {"WinDLL": lambda _name, **_: KERNEL, "get_last_error": lambda: 5}),
    ):
        for name, value in names_and_values.items():
            setattr(target, name, value)
    os.environ.setdefault("SYSTEMROOT", r"C:\Windows")
    sys.platform = "win32"


if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    is_worker = sys.argv[0].endswith("__main__.py")
    if is_worker:
        # What it imports, and its own path does not have yet.
        sys.path += sys.argv[4:]
    pretend([OURS / "worker", OURS / "wire"] if is_worker else [OURS])
    sys.path[:] = [folder for folder in sys.path if folder not in sys.argv[4:]]
    runpy.run_path(sys.argv[0], run_name="__main__")
