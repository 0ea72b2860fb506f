"""Letters to a worker and back over pipes, against the clock, with whatever it prints on the way."""

from __future__ import annotations

import contextlib
import os
import select
import time
from dataclasses import dataclass
from typing import Final, TypeAlias

from grader.wire import FrameReader, WireError, frame

PRINTED_BYTES: Final = 16 * 1024
"""How much of what one call prints is kept."""

_CHUNK: Final = 1 << 16
_DRAIN_READS: Final = 64


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


class Channel:
    """The parent's ends of a worker's pipes.

    Args:
        requests: descriptor to write letters to.
        answers: descriptor to read letters from.
        prints: descriptor to read printed text from.
        ended: descriptor that is readable once the worker has ended, or None where there is no such thing. A
            descendant that holds the pipes open can then not hide that end.
    """

    def __init__(self, requests: int, answers: int, prints: int, ended: int | None) -> None:
        self._requests, self._answers, self._prints, self._ended = requests, answers, prints, ended
        for descriptor in (requests, answers, prints):
            os.set_blocking(descriptor, False)
        self._poll = select.poll()
        for descriptor in (answers, prints, *([] if ended is None else [ended])):
            self._poll.register(descriptor, select.POLLIN)
        self._reader = FrameReader()
        self._printed = bytearray()
        self._printed_total = 0
        self._unsent = b""

    def post(self, payload: bytes) -> None:
        """Send a frame that nothing answers; what does not fit into the pipe goes with the next exchange."""
        self._unsent = bytes(self._write(memoryview(frame(payload))))

    def exchange(self, payload: bytes | None, seconds: float) -> tuple[Event, float]:
        """Send a frame and wait for the one that answers it.

        Args:
            payload: what to send; None to wait only.
            seconds: how long to wait at most.

        Returns:
            What happened, and after how many seconds.
        """
        start = time.monotonic()
        self._printed.clear()
        self._printed_total = 0
        unsent, self._unsent = self._unsent + (frame(payload) if payload is not None else b""), b""
        event = self._exchange(memoryview(unsent), start + seconds)
        taken = time.monotonic() - start
        self._drain_prints()
        return event, taken

    def printed(self) -> str:
        """Return what was printed during the last exchange, cut in its middle when there was too much."""
        text = self._printed.decode("utf-8", "replace")
        left = self._printed_total - len(self._printed)
        return f"{text}\n[{left} more bytes]" if left else text

    def close(self) -> None:
        """Close every descriptor."""
        for descriptor in (self._requests, self._answers, self._prints, self._ended):
            if descriptor is not None:
                with contextlib.suppress(OSError):
                    os.close(descriptor)

    def _exchange(self, unsent: memoryview, deadline: float) -> Event:
        if unsent and self._reader.pending:
            return Junk("a letter before it was asked for one")
        unsent = self._write(unsent)
        if unsent:
            self._poll.register(self._requests, select.POLLOUT)
        while (left := deadline - time.monotonic()) > 0:
            ready = dict(self._poll.poll(left * 1000))
            if self._prints in ready and not self._read_prints():
                self._poll.unregister(self._prints)
            if self._requests in ready:
                unsent = self._write(unsent)
                if not unsent:
                    self._poll.unregister(self._requests)
            event = self._answer_among(ready, unsent=bool(unsent))
            if event is not None:
                return event
        return Late()

    def _answer_among(self, ready: dict[int, int], *, unsent: bool) -> Event | None:
        if self._answers in ready:
            return self._read_answer(unsent=unsent)
        return Closed() if self._ended in ready else None

    def _write(self, unsent: memoryview) -> memoryview:
        try:
            return unsent[os.write(self._requests, unsent) :]
        except BlockingIOError:
            return unsent
        except BrokenPipeError:
            # The answers' end tells what has happened; there is nobody left to write to.
            return unsent[:0]

    def _read_answer(self, *, unsent: bool) -> Event | None:
        data = self._read(self._answers)
        if data == b"":
            return Closed()
        if unsent:
            return Junk("an answer before the question was complete")
        try:
            frames = self._reader.feed(data or b"")
        except WireError as error:
            return Junk(str(error))
        if len(frames) > 1 or (frames and self._reader.pending):
            return Junk("more than one letter at once")
        return Frame(frames[0]) if frames else None

    def _read_prints(self) -> bool:
        """Take in what is there; False when nothing is, which after a poll means the end."""
        data = self._read(self._prints)
        if not data:
            return False
        self._printed_total += len(data)
        self._printed += data[: PRINTED_BYTES - len(self._printed)]
        return True

    def _drain_prints(self) -> None:
        # Printed before the answer was sent, so it is in the pipe by now; a bound, as a descendant may never stop.
        for _ in range(_DRAIN_READS):
            if not self._read_prints():
                break

    @staticmethod
    def _read(descriptor: int) -> bytes | None:
        """Return what is there, b"" at the end, None when there is nothing yet."""
        try:
            return os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return None
