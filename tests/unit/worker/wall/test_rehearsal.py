from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from grader.worker.wall.rehearsal import rehearse

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no fork there")


def test_what_works_has_no_reason_against_it() -> None:
    assert rehearse(lambda: None) is None


def test_the_reason_is_what_was_raised() -> None:
    def fails() -> None:
        raise OSError("no such luck")

    assert rehearse(fails) == "no such luck"


def test_nothing_happens_here() -> None:
    before = Path.cwd()
    assert rehearse(lambda: os.chdir("/")) is None
    assert Path.cwd() == before


def test_a_child_that_dies_is_a_reason() -> None:
    assert rehearse(lambda: os._exit(3)) == "status 768"


def test_a_system_exit_stays_inside() -> None:
    assert rehearse(lambda: sys.exit("gone")) == "gone"


def test_no_descriptor_is_left() -> None:
    first = os.dup(0)
    os.close(first)
    rehearse(lambda: None)
    second = os.dup(0)
    os.close(second)
    assert first == second


def test_the_childs_half(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same code, run here with a fork that says "you are the child"."""
    said: list[bytes] = []
    ended: list[int] = []
    real = os.write

    def note(descriptor: int, data: bytes) -> int:
        said.append(data)
        return real(descriptor, data)

    monkeypatch.setattr(os, "fork", lambda: 0)
    monkeypatch.setattr(os, "write", note)

    def end(code: int) -> None:
        ended.append(code)
        raise ProcessLookupError

    monkeypatch.setattr(os, "_exit", end)
    for action, code in ((lambda: None, 0), (lambda: 1 / 0, 1)):
        with pytest.raises(ProcessLookupError):
            rehearse(action)
        assert ended.pop() == code
    assert said == [b"division by zero"]
