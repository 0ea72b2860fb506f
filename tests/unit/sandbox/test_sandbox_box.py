from __future__ import annotations

import dataclasses
import typing

import pytest

from grader.sandbox import Box, Delivered, Gone, Needs, Noise, Overdue, ProcessBox, Reply, Worker
from grader.sandbox.process_worker import ProcessWorker


def test_a_reply_is_one_of_four() -> None:
    assert set(typing.get_args(Reply)) == {Delivered, Overdue, Gone, Noise}


@pytest.mark.parametrize("reply", [Delivered((), 0.1, ""), Overdue(1, ""), Gone(0, 0.1, ""), Noise("", 0.1, "")])
def test_a_reply_is_a_fact(reply: Reply) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        reply.seconds = 0.0  # type: ignore[misc]  # the test is that this fails


def test_a_submission_needs_no_folders_unless_it_says_so() -> None:
    needs = Needs(memory_mb=512, cpu_seconds=30)
    assert (needs.folder, needs.files, needs.scratch_mb) == (None, (), 0)


def test_the_process_box_is_one() -> None:
    box: type[Box] = ProcessBox
    worker: type[Worker] = ProcessWorker
    for protocol, kind in ((Box, box), (Worker, worker)):
        assert {name for name in vars(protocol) if name[0] != "_"} <= set(dir(kind))
