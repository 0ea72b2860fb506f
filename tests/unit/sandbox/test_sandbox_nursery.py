"""Where there is a zygote, and what is said where there can be none; `test_sandbox_zygote` has its life."""

from __future__ import annotations

import sys

import pytest

from grader.sandbox import ProcessBox, polling
from grader.sandbox import nursery as module

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks from a zygote on Linux alone")

if sys.platform == "linux":
    from grader.sandbox.nursery import Nursery, nursery
    from grader.sandbox.zygote import ZygoteGoneError


def test_where_no_end_of_a_process_can_be_seen_workers_are_executed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "exit_descriptor", lambda _: None)
    assert nursery([], [], lambda: None) is None
    assert ProcessBox()._nursery is None


def test_what_it_said_last_is_said() -> None:
    command = ["/bin/sh", "-c", "echo one; echo no numpy here >&2; exit 1"]
    with pytest.raises(ZygoteGoneError, match=r"^no numpy here$"):
        Nursery(command, [], lambda: None).fork(polling.connect)


def test_where_the_elder_is_gone_the_heir_executes_its_own() -> None:
    elder = Nursery(["/bin/false"], [], lambda: None)
    heir = Nursery(["/bin/sh", "-c", "echo mine; exit 1"], [], lambda: None)
    heir.inherit(elder)
    heir.settle()
    with pytest.raises(ZygoteGoneError, match=r"^mine$"):
        heir.fork(polling.connect)
    elder.close()
