from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox import polling, threads
from grader.sandbox.channel import Closed, Frame
from grader.sandbox.posix import PosixChild, executed
from grader.wire import frame

ECHO = (
    "import os, sys\nrequests, answers, word = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]\n"
    "print(word, sorted(os.environ), os.getcwd(), os.getsid(0) == os.getpid(), flush=True)\n"
    "while data := os.read(requests, 1000): os.write(answers, data)\nos._exit(7)\n"
)


@pytest.fixture(params=[polling.connect, threads.connect], ids=["polling", "threads"])
def child(request: pytest.FixtureRequest) -> Iterator[PosixChild]:
    child = executed([sys.executable, "-S", "-c", ECHO], ["word"], request.param)
    yield child
    child.end(alone=False)
    child.channel.close()


def test_letters_and_prints_pass_and_nothing_else_of_the_parents(child: PosixChild) -> None:
    assert child.channel.exchange(b"hello", 20)[0] == Frame(b"hello")
    word, _, rest = child.channel.printed().partition(" ")
    assert (word, rest.split("]")[1].split()) == ("word", ["/", "True"])
    assert "PYTHONHASHSEED" in rest
    assert "PATH" not in rest


def test_its_status_is_known_once_it_has_ended(child: PosixChild) -> None:
    assert child.wait(0.01) is None
    child.bound(1, 1)
    os.kill(child.pid, 9)
    assert child.channel.exchange(frame(b"?"), 20)[0] == Closed()
    assert child.wait(20) == -9
    assert child.peak_memory() == 0
    assert not child.is_lost()


def test_what_cannot_be_started_leaves_nothing() -> None:
    before = len([*Path("/dev/fd").iterdir()])
    with pytest.raises(OSError, match="nowhere"):
        executed(["/nowhere/python"], [], polling.connect)
    assert len([*Path("/dev/fd").iterdir()]) == before
