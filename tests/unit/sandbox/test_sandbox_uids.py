"""The users of workers: one for each, on the whole machine."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from grader.sandbox import uids

ANOTHER = """
import os, sys
os.getpid = lambda: int(sys.argv[1])
from grader.sandbox import uids
uids._NAME = "\\0" + sys.argv[2]
print(uids.take_uid(), uids.take_uid(), flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def name(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Names that no grader uses that may be running beside."""
    name = f"grader-test-{os.getpid()}-"
    monkeypatch.setattr(uids, "_taken", {})
    monkeypatch.setattr(uids, "_NAME", f"\0{name}")
    yield name
    for uid in list(uids._taken):
        uids.give_back_uid(uid)


def test_each_has_one_until_it_is_given_back() -> None:
    first, second = uids.take_uid(), uids.take_uid()
    assert first != second
    assert {first, second} <= set(range(61_184, 65_184))
    uids.give_back_uid(first)
    assert uids.take_uid() == first


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the names of sockets are files")
class TestAcrossProcesses:
    def test_graders_that_start_at_the_same_place_share_none(self, name: str) -> None:
        command = [sys.executable, "-c", ANOTHER, str(os.getpid()), name]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdin is not None
            assert other.stdout is not None
            theirs = {*map(int, other.stdout.readline().split())}
            ours = {uids.take_uid(), uids.take_uid()}
            assert len(theirs | ours) == 4
            assert other.returncode is None
        uids.give_back_uid(min(ours))
        assert uids.take_uid() in {*theirs, min(ours)}

    def test_nobody_can_hold_all_of_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(uids, "_UIDS", 2)
        held = [uids._hold(61_184), uids._hold(61_185)]
        try:
            given = [uids.take_uid(), uids.take_uid()]
        finally:
            for name in held:
                assert name is not None
                os.close(name)
        assert sorted(given) == [61_184, 61_185]

    def test_none_is_taken_where_there_are_no_descriptors(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise OSError(errno.EMFILE, "Too many open files")

        monkeypatch.setattr(socket, "socket", refuse)
        with pytest.raises(OSError, match="Too many"):
            uids.take_uid()
        assert not uids._taken
