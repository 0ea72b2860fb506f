"""What every kind of box offers: workers that are asked one letter at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

from grader.wire import Value


@dataclass(frozen=True, slots=True)
class Delivered:
    """The worker answered.

    Attributes:
        letter: what it sent, decoded.
        seconds: from asking to the last byte of the answer.
        printed: what it printed meanwhile, cut at a bound.
    """

    letter: Value
    seconds: float
    printed: str


class Foreseen(NamedTuple):
    """The worker answered in the very bytes that were foreseen; seconds and prints as of what is delivered."""

    seconds: float
    printed: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """The worker did not answer in time, and is gone."""

    seconds: float
    printed: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The worker ended by itself.

    Attributes:
        status: its exit status, negative for a signal's number.
        seconds: from asking to its end.
        printed: what it printed meanwhile, cut at a bound.
        lost: it ended because a process of the grader's did, and not by anything that it was asked.
    """

    status: int
    seconds: float
    printed: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Noise:
    """The worker sent something that is no letter, and is gone."""

    reason: str
    seconds: float
    printed: str


Reply: TypeAlias = Delivered | Overdue | Gone | Noise


class Worker(Protocol):
    """A process that holds one submission. When it does not answer, it is of no further use."""

    def ask(self, letter: Value, seconds: float) -> Reply:
        """Send a letter and wait for the answer, at most `seconds`."""

    def ask_all(
        self, payloads: Sequence[bytes], seconds: float, deadline: float, foreseen: Sequence[bytes | None]
    ) -> Iterable[Reply | Foreseen]:
        """Send several letters, encoded, and give the answer to each when it comes, up to the first that does not.

        Args:
            payloads: the letters; the worker may see them all before it answers the first.
            seconds: how long to wait at most from one answer to the next.
            deadline: when to stop waiting, by the monotonic clock.
            foreseen: for each letter an answer that need not be decoded, or None.
        """

    def near_memory_limit(self) -> bool:
        """Whether its address space has ever come close to its limit; False where nobody knows."""

    def close(self) -> None:
        """End the process with all of its descendants; may be called twice."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the wall as it stands around workers.

    Attributes:
        name: what it is called.
        in_force: whether it stands.
        detail: what it does here, or why it does not stand.
        replaced: whether the grader does something else in its place, as `detail` says.
    """

    name: str
    in_force: bool
    detail: str
    replaced: bool = False

    @property
    def stands(self) -> str:
        """How it stands, in words for a report."""
        return "in force" if self.in_force else f"not in force: {self.detail}"


@dataclass(frozen=True, slots=True)
class Needs:
    """What one submission needs from its worker.

    Attributes:
        memory_mb: address space, MiB.
        cpu_seconds: processor time, a net below the parent's clock.
        folder: of the submission's files, to be read; None when it is a single file.
        scratch_mb: size of a folder that it may write to, MiB; 0 for none.
        files: paths within `folder`, of those that may be read.
    """

    memory_mb: int
    cpu_seconds: int
    folder: Path | None = None
    scratch_mb: int = 0
    files: tuple[str, ...] = ()


class Box(Protocol):
    """A maker of workers."""

    def layers(self) -> tuple[Layer, ...]:
        """Return what stood around the last worker that got ready."""

    def start(self, needs: Needs) -> Worker:
        """Start a worker that has not seen any submission.

        Raises:
            HostError: the machine cannot start one.
        """
