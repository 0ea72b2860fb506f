"""What every channel to a worker keeps to: one letter for one question, in time, and a bound on what is printed.

How bytes move is a transport's business: `polling` where pipes can be polled, `threads` where they cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from grader.wire import FrameReader, WireError

PRINTED_BYTES: Final = 16 * 1024
"""How much of what one call prints is kept."""

CHUNK: Final = 1 << 16
"""How much is read from a pipe at a time."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The worker sent one frame."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Late:
    """Nothing complete came in time."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The worker has ended, or has closed its end."""


@dataclass(frozen=True, slots=True)
class Junk:
    """The worker sent something that breaks the rules; `reason` says which."""

    reason: str


Event: TypeAlias = Frame | Late | Closed | Junk


class Channel(Protocol):
    """The grader's side of a worker's pipes."""

    def post(self, payload: bytes) -> None:
        """Send a frame that nothing answers, without waiting for anybody to read it."""

    def exchange(self, payload: bytes | None, seconds: float) -> tuple[Event, float]:
        """Send a frame and wait for the one that answers it.

        Args:
            payload: what to send; None to wait only.
            seconds: how long to wait at most.

        Returns:
            What happened, and after how many seconds.
        """

    def printed(self) -> str:
        """Return what was printed during the last exchange, cut at `PRINTED_BYTES`."""

    def close(self) -> None:
        """Let go of every descriptor; may be called twice."""


class Answers:
    """What a worker sends, cut into letters, of which a question has one."""

    def __init__(self) -> None:
        self._reader = FrameReader()

    def too_early(self) -> Junk | None:
        """Return the fault of who has sent something before the question; None where nothing came."""
        return Junk("a letter before it was asked for one") if self._reader.pending else None

    def take(self, data: bytes, *, unsent: bool) -> Frame | Junk | None:
        """Take in what has come and return what it amounts to; None as long as that is not complete.

        Args:
            data: not empty.
            unsent: whether the worker has not even taken the whole question.
        """
        if unsent:
            return Junk("an answer before the question was complete")
        try:
            frames = self._reader.feed(data)
        except WireError as error:
            return Junk(str(error))
        if len(frames) > 1 or (frames and self._reader.pending):
            return Junk("more than one letter at once")
        return Frame(frames[0]) if frames else None


class Printed:
    """The first bytes of what a worker prints, and how many there were."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._total = 0

    def clear(self) -> None:
        """Start anew."""
        self._kept.clear()
        self._total = 0

    def add(self, data: bytes) -> None:
        """Take in what has come."""
        self._total += len(data)
        self._kept += data[: PRINTED_BYTES - len(self._kept)]

    def take_back(self, count: int) -> None:
        """Forget the last bytes that have come."""
        self._total -= count
        del self._kept[self._total :]

    def text(self) -> str:
        """Return what is kept, and how much is not."""
        left = self._total - len(self._kept)
        text = self._kept.decode("utf-8", "replace")
        return f"{text}\n[{left} more bytes]" if left else text
