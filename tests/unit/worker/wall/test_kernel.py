from __future__ import annotations

import os
import sys

import pytest

from grader.worker.wall import kernel
from grader.worker.wall.syscalls import native, number

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's calls")


def of(name: str) -> int:
    architecture = native()
    assert architecture is not None
    found = number(name, architecture)
    assert found is not None
    return found


def test_a_call_by_number() -> None:
    assert kernel.syscall(of("getpid")) == os.getpid()


def test_an_error_has_its_name() -> None:
    with pytest.raises(OSError, match="close: Bad file descriptor"):
        kernel.syscall(of("close"), 1 << 20, name="close")
    with pytest.raises(OSError, match="system call 1000: Function not implemented"):
        kernel.syscall(1000)


def test_arguments_are_whole_words() -> None:
    size = 1 << 33
    with pytest.raises(OSError, match="Invalid argument"):
        kernel.syscall(of("getrandom"), None, size, 1 << 32 | 0xFF)


def test_prctl_and_its_error() -> None:
    assert kernel.prctl(3) in {0, 1}
    with pytest.raises(OSError, match=r"prctl\(9999, 0\): Invalid argument"):
        kernel.prctl(9999)


def test_unshare_nothing() -> None:
    kernel.unshare(0)
    with pytest.raises(OSError, match="unshare"):
        kernel.unshare(0x1)


def test_capset_refuses_nonsense() -> None:
    with pytest.raises(OSError, match="capset"):
        kernel.capset(bytes(8), bytes(24))


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_there_are_none(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for call in (kernel.prctl, kernel.unshare, kernel.syscall):
        with pytest.raises(OSError, match="only Linux has such calls"):
            call(0)
