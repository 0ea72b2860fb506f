"""What every channel to a worker keeps to: one letter for one question, in time, and a bound on what is printed.

How bytes move is a transport's business: `polling` where pipes can be polled, `threads` where they cannot.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol, TypeAlias

from grader.wire import FrameReader, WireError
from grader.worker.letters import PRINTED_MARK

PRINTED_BYTES: Final = 16 * 1024
"""How much of what one call prints is kept."""

CHUNK: Final = 1 << 16
"""How much is read from a pipe at a time."""


class Frame(NamedTuple):
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
Framed: TypeAlias = Callable[[Sequence[bytes]], bytes]


class Exchange(NamedTuple):
    """What came of one letter: the event, after how many seconds, and what was printed meanwhile."""

    event: Event
    seconds: float
    printed: str


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

    def exchange_all(
        self, payloads: Sequence[bytes], framed: Framed, seconds: float, deadline: float, /
    ) -> Iterator[Exchange]:
        """Send letters and give the frame that answers each when it comes, up to the first event that is no frame.

        No more of them are held than have come at once: what is made of one is its reader's to bound.

        Args:
            payloads: what to send; the worker may have them all before it answers the first.
            framed: makes the bytes that bring them all at once.
            seconds: how long to wait at most from one answer to the next.
            deadline: when to stop waiting, by the monotonic clock.
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
        events = self.take_many(data, 1)
        return events[0] if events else None

    def take_many(self, data: bytes, due: int) -> list[Frame | Junk]:
        """Take in what has come and return what it amounts to, of which no more than `due` frames; junk ends it.

        What came before the junk is no fault of who answered it.
        """
        frames: list[bytes] = []
        junk: list[Frame | Junk] = []
        try:
            frames = self._reader.feed(data)
            self._reader.feed(b"")
        except WireError as error:
            junk = [Junk(str(error))]
        if len(frames) > due or (len(frames) == due and self._reader.pending):
            # The last one cannot be told from the one that is too many.
            del frames[due - 1 :]
            junk = [Junk("more than one letter at once")]
        return [*map(Frame, frames), *junk]


def one_by_one(channel: Channel, payloads: Sequence[bytes], seconds: float, deadline: float) -> Iterator[Exchange]:
    """Exchange letters one after the other, for a transport that has no better way."""
    for payload in payloads:
        event, taken = channel.exchange(payload, min(seconds, deadline - time.monotonic()))
        yield Exchange(event, taken, channel.printed())
        if not isinstance(event, Frame):
            break


class Printed:
    """The first bytes of what a worker prints, and how many there were; its own mark at the end does not count."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._total = 0
        self._last = b""

    def clear(self) -> None:
        """Start anew."""
        self._kept.clear()
        self._total = 0
        self._last = b""

    def add(self, data: bytes) -> None:
        """Take in what has come."""
        self._total += len(data)
        self._kept += data[: PRINTED_BYTES - len(self._kept)]
        self._last = (self._last + data[-len(PRINTED_MARK) :])[-len(PRINTED_MARK) :]

    def __bool__(self) -> bool:
        """Whether anything has come."""
        return self._total > 0

    def take_back(self, count: int) -> None:
        """Forget the last bytes that have come, and with them where the mark was."""
        self._total -= count
        self._last = b""
        del self._kept[self._total :]

    def text(self, more: bytes = b"") -> str:
        """Return what is kept, and how much is not; `more` counts as if it had been added."""
        total = self._total + len(more)
        total -= len(PRINTED_MARK) if (self._last + more).endswith(PRINTED_MARK) else 0
        kept = (self._kept + more[: PRINTED_BYTES - len(self._kept)])[:total]
        left = total - len(kept)
        text = kept.replace(PRINTED_MARK, b"").decode("utf-8", "replace")
        return f"{text}\n[{left} more bytes]" if left else text


class PrintedByCall:
    """What is printed by each of several calls, told apart by the mark that a worker puts after each.

    Who removes or adds marks only moves his own words from one of his calls to another.

    Args:
        calls: how many there are; marks beyond theirs mark nothing.
    """

    def __init__(self, calls: int) -> None:
        self.texts: list[str] = []
        self._calls = calls
        self._now = Printed()
        self._tail = b""

    def add(self, data: bytes) -> None:
        """Take in what has come."""
        *ended, rest = (self._tail + data).split(PRINTED_MARK, self._calls - len(self.texts))
        for text in ended:
            if not text and not self._now:
                self.texts.append("")
                continue
            self._now.add(text)
            self.texts.append(self._now.text())
            self._now.clear()
        # The beginning of a mark may be all that has come of it.
        kept = len(rest) - len(PRINTED_MARK) + 1
        self._now.add(rest[: max(kept, 0)])
        self._tail = rest[max(kept, 0) :]

    def text(self, call: int) -> str:
        """Return what a call printed, by its number from 0."""
        if call < len(self.texts):
            return self.texts[call]
        return self._now.text(self._tail) if call == len(self.texts) else ""
