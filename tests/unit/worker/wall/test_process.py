from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from grader.worker.wall import kernel, process

if TYPE_CHECKING:
    from conftest import Walled

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """What prctl would have been asked."""
    calls: list[tuple[int, ...]] = []
    monkeypatch.setattr(kernel, "prctl", lambda *arguments: calls.append(arguments))
    return calls


def test_the_session_is_ones_own(walled: Walled) -> None:
    assert walled("report(os.getsid(0) == os.getpid() == os.getpgrp())", layers=["session"]) == [True]


def test_a_leader_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getsid", lambda _: os.getpid())
    monkeypatch.setattr(os, "setsid", lambda: pytest.fail("it leads already"))
    process.own_session()


def test_others_become_one(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[bool] = []
    monkeypatch.setattr(os, "getsid", lambda _: 1)
    monkeypatch.setattr(os, "setsid", lambda: done.append(True))
    process.own_session()
    assert done


def test_death_with_the_parent_is_asked_for(asked: list[tuple[int, ...]]) -> None:
    assert "ends" in process.die_with(os.getppid())
    assert asked == [(kernel.PR_SET_PDEATHSIG, 9)]


def test_a_parent_that_has_gone(asked: list[tuple[int, ...]]) -> None:
    with pytest.raises(process.ParentGoneError):
        process.die_with(os.getppid() + 1)


def test_a_child_dies_with_its_parent() -> None:
    """A grandchild that sleeps for a minute is gone when its parent is killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        me = os.getpid()
        if os.fork() == 0:
            process.die_with(me)
            os.write(writing, b"1")
            time.sleep(60)
        time.sleep(60)
        os._exit(0)
    os.close(writing)
    assert os.read(reading, 1) == b"1"
    os.kill(child, 9)
    os.waitpid(child, 0)
    started = time.monotonic()
    assert os.read(reading, 1) == b""  # its end of the pipe closes with it
    assert time.monotonic() - started < 5
    os.close(reading)


def test_dumpable(asked: list[tuple[int, ...]]) -> None:
    process.set_dumpable(False)
    process.set_dumpable(True)
    assert asked == [(kernel.PR_SET_DUMPABLE, 0), (kernel.PR_SET_DUMPABLE, 1)]


def test_not_dumpable_hides_ones_own_memory_from_oneself(ordinary: Walled) -> None:
    code = 'attempt(lambda: open("/proc/self/mem").close())'
    assert "Permission denied" in ordinary(code, layers=["undumpable"])[0]
    assert ordinary(code, layers=[]) == [None]


def test_no_new_privileges(asked: list[tuple[int, ...]], walled: Walled) -> None:
    process.no_new_privileges()
    assert asked == [(kernel.PR_SET_NO_NEW_PRIVS, 1)]
    code = 'report([line for line in open("/proc/self/status") if "NoNewPrivs" in line])'
    assert walled(code, layers=["no_new_privs"]) == [["NoNewPrivs:\t1\n"]]


def test_threads_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    before = process.threads()
    assert before is not None
    wait = threading.Event()
    thread = threading.Thread(target=wait.wait)
    thread.start()
    assert process.threads() == before + 1
    wait.set()
    thread.join()

    def no_proc(_: str) -> list[str]:
        raise FileNotFoundError

    monkeypatch.setattr(os, "listdir", no_proc)
    assert process.threads() is None
