"""What a process does for its own protection is done in children here: the tests' own process stays as it is."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox import parent
from grader.sandbox.parent import adopt_orphans, close_to_tracers

InChild = Callable[[Callable[[], Any]], Any]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
PR_GET_DUMPABLE, PR_GET_CHILD_SUBREAPER = 3, 37


@linux_only
def test_an_orphan_comes_to_who_adopts_it(in_child: InChild) -> None:
    def run() -> bool:
        adopt_orphans()
        code = "import os, time\nif os.fork() == 0:\n    time.sleep(600)\nos.write(1, b'%d' % os.getpid())"
        subprocess.run([sys.executable, "-S", "-c", code], check=True, stdout=subprocess.DEVNULL)
        for file in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = file.read_bytes().rpartition(b")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == os.getpid() and fields[0] != b"Z":
                os.kill(int(file.parent.name), 9)
                return True
        return False

    assert in_child(run)


@linux_only
def test_others_of_the_same_user_cannot_read_who_is_closed_to_them(in_child: InChild) -> None:
    def run() -> tuple[int, int]:
        libc = ctypes.CDLL(None)
        libc.prctl(4, 1, 0, 0, 0)
        before = libc.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0)
        close_to_tracers()
        return before, libc.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0)

    assert in_child(run) == (1, 0)


@linux_only
def test_by_effect(in_child: InChild) -> None:
    def run() -> list[str]:
        """Be an ordinary user, with a secret and a child that wants to read it."""
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
            ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
        found = []
        for closed in (False, True):
            if closed:
                close_to_tracers()
            reading, writing = os.pipe()
            parent_id = os.getpid()
            reader = os.fork()
            if reader == 0:
                try:
                    Path(f"/proc/{parent_id}/environ").read_bytes()
                    os.write(writing, b"read")
                except OSError as error:
                    os.write(writing, type(error).__name__.encode())
                os._exit(0)
            os.waitpid(reader, 0)
            found.append(os.read(reading, 100).decode())
        return found

    assert in_child(run) == ["read", "PermissionError"]


def test_elsewhere_nothing_is_asked_of_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(parent, "prctl", None)
    adopt_orphans()
    close_to_tracers()
