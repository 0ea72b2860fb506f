"""The three pipes between the grader and a worker: opened together, and closed together when that fails."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol, TypeAlias

from grader.sandbox.channel import Channel


class Ends(NamedTuple):
    """The grader's ends.

    Attributes:
        requests: to write letters to.
        answers: to read letters from.
        prints: to read printed text from.
        marks: the other end of `prints`; whoever is given these ends closes it, used or not.
    """

    requests: int
    answers: int
    prints: int
    marks: int


class WorkerEnds(NamedTuple):
    """The worker's ends.

    Attributes:
        requests: to read letters from.
        answers: to write letters to.
        prints: to print to.
    """

    requests: int
    answers: int
    prints: int


class Process(Protocol):
    """A worker's process, as `subprocess.Popen` has it."""

    pid: int

    def poll(self) -> int | None:
        """Return the exit status, or None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status; raises `subprocess.TimeoutExpired`."""


Connect: TypeAlias = Callable[[Ends, Process], Channel]
"""Makes a channel of the grader's ends, which it closes in the end, and of the process behind the others."""


@contextlib.contextmanager
def pipes() -> Iterator[tuple[Ends, WorkerEnds]]:
    """Open the pipes, for a block that starts the worker.

    The worker's ends are closed after it, the grader's too if it fails. No other process inherits any of them.
    """
    opened: list[int] = []
    try:
        for _ in range(3):
            opened += os.pipe()
        requests, answers, prints = zip(opened[::2], opened[1::2], strict=True)
        ours = Ends(requests[1], answers[0], prints[0], prints[1])
        yield ours, WorkerEnds(requests[0], answers[1], prints[1])
    except BaseException:
        _close(opened)
        raise
    _close([requests[0], answers[1]])


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
