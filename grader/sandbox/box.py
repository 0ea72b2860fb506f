"""What every kind of box offers: workers that are asked one letter at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

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


@dataclass(frozen=True, slots=True)
class Overdue:
    """The worker did not answer in time, and is gone."""

    seconds: float
    printed: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The worker ended by itself; `status` is its exit status, negative for a signal's number."""

    status: int
    seconds: float
    printed: str


@dataclass(frozen=True, slots=True)
class Noise:
    """The worker sent something that is no letter, and is gone."""

    reason: str
    seconds: float
    printed: str


Reply: TypeAlias = Delivered | Overdue | Gone | Noise


class Worker(Protocol):
    """A process that holds one submission. After anything but `Delivered` it is of no further use."""

    def ask(self, letter: Value, seconds: float) -> Reply:
        """Send a letter and wait for the answer, at most `seconds`."""

    def close(self) -> None:
        """End the process with all of its descendants; may be called twice."""


class Box(Protocol):
    """A maker of workers."""

    def facts(self) -> dict[str, str]:
        """Return what stands between a worker and the machine, layer by layer, for the report."""

    def start(self, memory_mb: int, cpu_seconds: int) -> Worker:
        """Start a worker that has not seen any submission.

        Args:
            memory_mb: its address space, MiB.
            cpu_seconds: its processor time, a net below the parent's clock.

        Raises:
            HostError: the machine cannot start one.
        """
