from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from grader.worker.wall import kernel, seccomp
from grader.worker.wall.policy import Opens

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Walled

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's filter")
ALONE = ["no_new_privs", "seccomp"]


def test_this_machine_filters() -> None:
    assert seccomp.why_not() is None


def test_a_processor_without_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp, "native", lambda: None)
    assert seccomp.why_not() == "no table of system calls for this processor"
    with pytest.raises(LookupError):
        seccomp.build(opens=Opens.LANDLOCK, scratch=False)


def test_a_kernel_without_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: Any, **__: Any) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(kernel, "syscall", missing)
    assert seccomp.why_not() == "the kernel has no filters: Invalid argument"


def test_enforcing_is_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, ...]] = []
    monkeypatch.setattr(kernel, "prctl", lambda *arguments: calls.append(arguments))
    detail = seccomp.enforce(seccomp.build(opens=Opens.READ_ONLY, scratch=False))
    assert [call[:2] for call in calls] == [(kernel.PR_SET_SECCOMP, 2)]
    assert detail.endswith("no file opens for writing")


@pytest.mark.parametrize(
    "forbidden",
    [
        "__import__('socket').socket()",
        "__import__('socket').socket(__import__('socket').AF_UNIX)",
        "__import__('socket').socketpair()",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "__import__('subprocess').run(['/bin/true'])",
        "os.kill(os.getppid(), 0)",
        "os.kill(0, 0)",
        "os.kill(-1, 0)",
        "os.setpriority(os.PRIO_PROCESS, 0, 5)",
        "os.sched_setaffinity(0, os.sched_getaffinity(0))",
        "os.memfd_create('x')",
        "os.setsid()",
        "os.symlink('/etc/passwd', '/never')",
        "os.mkdir('/never')",
        "os.open('/dev/null', os.O_WRONLY)",
        "os.setuid(os.getuid())",
        "os.eventfd(0)",
        "__import__('fcntl').fcntl(0, __import__('fcntl').F_SETOWN, os.getppid())",
    ],
)
def test_refused(walled: Walled, forbidden: str) -> None:
    if "eventfd" in forbidden and not hasattr(os, "eventfd"):
        pytest.skip("not in this Python")
    assert "Operation not permitted" in walled(f"attempt(lambda: {forbidden})", layers=ALONE)[0]


def test_a_thread_says_so(walled: Walled) -> None:
    said = walled("import threading; attempt(threading.Thread(target=print).start)", layers=ALONE)
    assert said == ["RuntimeError: can't start new thread"]


def test_files_keep_their_modes_times_and_length(walled: Walled, secret: Path) -> None:
    before = secret.stat()
    code = f"""
path = {str(secret)!r}
attempt(lambda: os.chmod(path, 0))
attempt(lambda: os.utime(path, (0, 0)))
attempt(lambda: os.truncate(path, 0))
attempt(lambda: os.open(path, os.O_RDONLY | os.O_TRUNC))
attempt(lambda: os.setxattr(path, "user.x", b"y"))
attempt(lambda: os.unlink(path))
attempt(lambda: os.rename(path, path + "2"))
attempt(lambda: os.chown(path, 1, 1))
"""
    said = walled(code, layers=ALONE)
    assert len(said) == 8
    assert all("Operation not permitted" in each for each in said)
    assert secret.stat() == before


def test_the_process_may_end_itself(walled: Walled) -> None:
    assert walled("os.abort()", layers=ALONE)[0] == "status -6"
    assert walled("os.kill(os.getpid(), 15)", layers=ALONE)[0] == "status -15"


def test_limits_can_be_read_and_not_changed(walled: Walled) -> None:
    code = """
import resource
attempt(lambda: resource.getrlimit(resource.RLIMIT_AS) is not None)
attempt(lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
"""
    assert walled(code, layers=ALONE) == [True, "ValueError: not allowed to raise maximum limit"]


def test_a_32_bit_call_ends_the_process(walled: Walled) -> None:
    """`int 0x80` with getpid's 32-bit number: mov eax, 20; int 0x80; ret."""
    code = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=7)
page.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
attempt(call)
"""
    if os.uname().machine != "x86_64":
        pytest.skip("x86's second convention")
    assert walled(code, layers=ALONE)[0] == "status -31"  # SIGSYS


def test_it_binds_an_ordinary_user(ordinary: Walled) -> None:
    assert "Operation not permitted" in ordinary("attempt(os.fork)", layers=ALONE)[0]
