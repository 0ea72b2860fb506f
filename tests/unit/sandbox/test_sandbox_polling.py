"""What is polling's own; `test_sandbox_channel.py` has what both transports share."""

from __future__ import annotations

import os

import pytest

from grader.sandbox.channel import Frame
from grader.sandbox.pipes import pipes
from grader.sandbox.polling import PollChannel
from grader.wire import frame


def test_who_never_stops_printing_is_read_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = []

    def read(descriptor: int) -> bytes:
        reads.append(descriptor)
        return b"y" * 1000

    with pipes() as (ours, _):
        channel = PollChannel(ours, None)
        monkeypatch.setattr(PollChannel, "_exchange", lambda *_: Frame(b"done"))
        monkeypatch.setattr(PollChannel, "_read", staticmethod(read))
        assert channel.exchange(b"question", 20)[0] == Frame(b"done")
        assert 10 < len(reads) < 1000
        channel.close()


def test_only_the_worker_holds_the_other_end_of_the_prints() -> None:
    with pipes() as (ours, its):
        prints = os.dup(its.prints)
        channel = PollChannel(ours, None)
        with pytest.raises(OSError, match="Bad file"):
            os.fstat(ours.marks)
        os.write(its.answers, frame(b"done"))
        os.close(prints)
        assert channel.exchange(None, 20)[0] == Frame(b"done")
        channel.close()
