"""Letters over pipes that can be polled: one thread, no waiting for who does not read or write."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from grader.sandbox.channel import (
    CHUNK,
    Answers,
    Channel,
    Closed,
    Event,
    Exchange,
    Frame,
    Framed,
    Late,
    Printed,
    PrintedByCall,
)
from grader.sandbox.descendants import exit_descriptor
from grader.sandbox.pipes import Ends, Process
from grader.wire import frame

_DRAIN_READS: Final = 64
_GLANCE_SECONDS: Final = 0.005
_FLOOD_BYTES: Final = 1 << 14
_NAP_SECONDS: Final = 0.002

if sys.platform != "win32":  # which polls sockets only

    class PollChannel:
        """The grader's ends of a worker's pipes.

        Args:
            ends: the pipes' ends.
            ended: descriptor that is readable once the worker has ended, or None where there is no such thing. A
                descendant that holds the pipes open can then not hide that end.
        """

        def __init__(self, ends: Ends, ended: int | None) -> None:
            self._requests, self._answers, self._prints, marks = ends
            self._ended = ended
            # Nobody but the worker is to hold the other end: its closing tells that there is no more to come.
            os.close(marks)
            for descriptor in (self._requests, self._answers, self._prints):
                os.set_blocking(descriptor, False)
            self._poll = select.poll()
            for descriptor in (self._answers, self._prints, *([] if ended is None else [ended])):
                self._poll.register(descriptor, select.POLLIN)
            self._answered = select.poll()
            for descriptor in (self._answers, *([] if ended is None else [ended])):
                self._answered.register(descriptor, select.POLLIN)
            self._letters = Answers()
            self._by_call = PrintedByCall(0)
            self._flooded = False
            self._printed = Printed()
            self._unsent = b""

        def post(self, payload: bytes) -> None:
            """Send a frame that nothing answers; what does not fit into the pipe goes with the next exchange."""
            self._unsent = bytes(self._write(memoryview(frame(payload))))

        def exchange(self, payload: bytes | None, seconds: float) -> tuple[Event, float]:
            """Send a frame and wait for the one that answers it, at most `seconds`."""
            start = time.monotonic()
            self._printed.clear()
            unsent, self._unsent = self._unsent + (frame(payload) if payload is not None else b""), b""
            event = self._exchange(memoryview(unsent), start + seconds)
            taken = time.monotonic() - start
            self._drain(self._printed.add)
            return event, taken

        def exchange_all(
            self, payloads: Sequence[bytes], framed: Framed, seconds: float, deadline: float
        ) -> Iterator[Exchange]:
            """Send all letters at once and give the frame that answers each when it comes."""
            unsent, self._unsent = memoryview(self._unsent + framed(payloads)), b""
            self._by_call, self._flooded = PrintedByCall(len(payloads)), False
            if (junk := self._letters.too_early()) is not None:
                yield Exchange(junk, 0.0, "")
                return
            start = seen = since = time.monotonic()
            made = 0
            while made < len(payloads):
                unsent = self._write(unsent) if unsent else unsent
                found = self._next(len(payloads) - made, min(since + seconds, deadline), bool(unsent))
                if not found:
                    continue
                # Those that come together have taken the time together.
                before, seen = seen, time.monotonic()
                taken = (seen - before) / len(found)
                self._drain(self._by_call.add)
                for event in found:
                    yield Exchange(event, taken, self._by_call.text(made))
                    made += 1
                    if not isinstance(event, Frame):
                        return
                # What their reader does with them is not the worker's time.
                since = time.monotonic()
                if not unsent:
                    # Who waits for each is woken by each, which costs more than most answers do. Half the time
                    # that the rest takes at this rate is slept through; after the last, that is none.
                    time.sleep(min((since - start) / made * (len(payloads) - made) / 2, _NAP_SECONDS))

        def _next(self, due: int, deadline: float, unsent: bool) -> Sequence[Event]:
            """Wait for a moment and return what has come: nothing, one letter or several."""
            left = deadline - time.monotonic()
            if left <= 0:
                return [Late()]
            # Prints are looked at when nothing else happens: who waits for room in that pipe sends nothing. Who
            # prints that much is then looked at whenever something comes.
            poll = self._poll if self._flooded else self._answered
            ready = dict(poll.poll(1 if unsent else min(left, _GLANCE_SECONDS) * 1000))
            if not ready or [*ready] == [self._prints]:
                self._flooded = self._drain(self._by_call.add) > (0 if self._flooded else _FLOOD_BYTES)
                return []
            data = self._read(self._answers) if self._answers in ready else b""
            if data == b"":
                return [Closed()]
            return self._letters.take_many(data, due) if data else []

        def printed(self) -> str:
            """Return what was printed during the last exchange, cut at a bound."""
            return self._printed.text()

        def close(self) -> None:
            """Close every descriptor."""
            for descriptor in (self._requests, self._answers, self._prints, self._ended):
                if descriptor is not None:
                    with contextlib.suppress(OSError):
                        os.close(descriptor)

        def _exchange(self, unsent: memoryview, deadline: float) -> Event:
            if unsent and (junk := self._letters.too_early()):
                return junk
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
                data = self._read(self._answers)
                if data == b"":
                    return Closed()
                return self._letters.take(data, unsent=unsent) if data else None
            return Closed() if self._ended in ready else None

        def _write(self, unsent: memoryview) -> memoryview:
            try:
                return unsent[os.write(self._requests, unsent) :]
            except BlockingIOError:
                return unsent
            except BrokenPipeError:
                # The answers' end tells what has happened; there is nobody left to write to.
                return unsent[:0]

        def _read_prints(self) -> bool:
            """Take in what is there; False when nothing is, which after a poll means the end."""
            data = self._read(self._prints)
            if data:
                self._printed.add(data)
            return bool(data)

        def _drain(self, take: Callable[[bytes], None]) -> int:
            """Take in what is printed by now, and return how much that was."""
            # Printed before the answer was sent, so it is in the pipe by now; a bound, as a descendant may never
            # stop.
            count = 0
            for _ in range(_DRAIN_READS):
                data = self._read(self._prints)
                if not data:
                    break
                take(data)
                count += len(data)
            return count

        @staticmethod
        def _read(descriptor: int) -> bytes | None:
            """Return what is there, b"" at the end, None when there is nothing yet."""
            try:
                return os.read(descriptor, CHUNK)
            except BlockingIOError:
                return None

    def connect(ends: Ends, process: Process) -> Channel:
        """Return a channel that also sees when the process ends."""
        return PollChannel(ends, exit_descriptor(process.pid))
