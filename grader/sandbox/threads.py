"""Letters over pipes that cannot be polled: a thread waits at each of them, and a clock at what they bring.

Theory of operation: the writer takes what is to be sent from a queue, the reader puts what has come into another,
and the listener gathers what is printed. Neither of these two reads without end: the reader has a few chunks of
credit, which taking one renews; the listener reads during an exchange only, and keeps little. What a worker prints
before it answers must count to that answer, and only the pipe knows the order. So the grader holds the other end
of the prints' pipe as well: after each answer it writes a random mark there, and what comes out before the mark
was printed before it.

A thread closes the descriptor that it waits at, when it ends: closing one under a thread that reads from it is not
safe on every platform. It ends when the worker and all who hold its pipes have; until then, it is left alone.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from grader.sandbox.channel import (
    CHUNK,
    Answers,
    Closed,
    Event,
    Exchange,
    Framed,
    Junk,
    Late,
    Printed,
    one_by_one,
)
from grader.sandbox.pipes import Ends, Process
from grader.wire import frame
from grader.worker.letters import PRINTED_MARK

_CREDIT: Final = 4
_TICK: Final = 0.05
_GRACE: Final = 1.0
_END_SECONDS: Final = 1.0
_MARK_BYTES: Final = 16
_TAIL_BYTES: Final = _MARK_BYTES - 1 + len(PRINTED_MARK)


class ThreadChannel:
    """The grader's ends of a worker's pipes.

    Args:
        ends: the pipes' ends.
        has_ended: tells whether the worker has. A descendant that holds the pipes open can then not hide that.
    """

    def __init__(self, ends: Ends, has_ended: Callable[[], bool]) -> None:
        self._requests = ends.requests
        self._has_ended = has_ended
        self._letters = Answers()
        self._writer = _Writer(ends.requests, ends.marks)
        self._reader = _Reader(ends.answers)
        self._listener = _Listener(ends.prints)
        self._closed = False
        self._threads = (self._writer, self._reader, self._listener)
        for thread in self._threads:
            thread.start()

    def post(self, payload: bytes) -> None:
        """Send a frame that nothing answers, without waiting for anybody to read it."""
        self._writer.send(self._requests, frame(payload))

    def exchange(self, payload: bytes | None, seconds: float) -> tuple[Event, float]:
        """Send a frame and wait for the one that answers it, at most `seconds`."""
        start = time.monotonic()
        self._listener.begin()
        event = self._exchange(b"" if payload is None else frame(payload), start + seconds)
        taken = time.monotonic() - start
        # Who has not taken the question keeps the writer from marking anything; one that has ended, not for long.
        if self._writer.idle.wait(0 if isinstance(event, (Late, Junk)) else _GRACE):
            self._writer.mark(self._listener.expect())
            self._listener.marked.wait(_GRACE)
        self._listener.pause()
        return event, taken

    def exchange_all(
        self, payloads: Sequence[bytes], _framed: Framed, seconds: float, deadline: float
    ) -> Iterator[Exchange]:
        """Exchange letters one after the other."""
        return one_by_one(self, payloads, seconds, deadline)

    def printed(self) -> str:
        """Return what was printed during the last exchange, cut at a bound."""
        return self._listener.text()

    def close(self) -> None:
        """Let every thread end, which closes its descriptor."""
        if self._closed:
            return
        self._closed = True
        for thread in self._threads:
            thread.stop()
        for thread in self._threads:
            thread.join(_END_SECONDS)

    def _exchange(self, question: bytes, deadline: float) -> Event:
        if (question or not self._writer.idle.is_set()) and (junk := self._letters.too_early()):
            return junk
        if question:
            self._writer.send(self._requests, question)
        ended = False
        while (left := deadline - time.monotonic()) > 0:
            data = self._reader.take(min(left, _TICK))
            if data is not None:
                event = self._answer(data, left)
                if event is not None:
                    return event
            elif ended:
                return Closed()
            else:
                # Another turn, though: what it sent last may not have come through the reader yet.
                ended = self._has_ended()
        return Late()

    def _answer(self, data: bytes, left: float) -> Event | None:
        if not data:
            return Closed()
        # Who answers has read the question, but the writer may not have been told yet that it is through.
        unsent = not self._writer.idle.wait(min(left, _GRACE))
        return self._letters.take(data, unsent=unsent)


class _Writer(threading.Thread):
    """Writes to the worker, and marks to the prints' pipe, one thing after the other.

    Attributes:
        idle: set while there is nothing left to write.
    """

    def __init__(self, requests: int, marks: int) -> None:
        super().__init__(name="writer", daemon=True)
        self._requests, self._marks = requests, marks
        self._lock = threading.Lock()
        self._waiting = 0
        self._queue: queue.SimpleQueue[tuple[int, bytes] | None] = queue.SimpleQueue()
        self.idle = threading.Event()
        self.idle.set()

    def send(self, descriptor: int, data: bytes) -> None:
        """Write `data` when all that was sent before is written."""
        with self._lock:
            self._waiting += 1
            self.idle.clear()
        self._queue.put((descriptor, data))

    def mark(self, mark: bytes) -> None:
        """Write a mark to the prints' pipe."""
        self.send(self._marks, mark)

    def stop(self) -> None:
        """End, once all is written or nobody reads any more."""
        self._queue.put(None)

    def run(self) -> None:
        """Write until the end."""
        while (item := self._queue.get()) is not None:
            self._write(*item)
            with self._lock:
                self._waiting -= 1
                if not self._waiting:
                    self.idle.set()
        # The listener waits for something to read, and a survivor may hold the pipe open.
        self._write(self._marks, b"\0")
        os.close(self._requests)
        os.close(self._marks)

    @staticmethod
    def _write(descriptor: int, data: bytes) -> None:
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(descriptor, left) :]
        except OSError:
            # The answers' end tells what has happened; there is nobody left to write to, which has several names.
            return


class _Reader(threading.Thread):
    """Reads what the worker sends, a few chunks ahead at most."""

    def __init__(self, answers: int) -> None:
        super().__init__(name="reader", daemon=True)
        self._answers = answers
        self._credit = threading.Semaphore(_CREDIT)
        self._queue: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._stopped = False

    def take(self, seconds: float) -> bytes | None:
        """Return the next chunk, b"" at the end, however often; None when none comes in time."""
        try:
            data = self._queue.get(timeout=seconds)
        except queue.Empty:
            return None
        if data:
            self._credit.release()
        else:
            self._queue.put(data)
        return data

    def stop(self) -> None:
        """End, once there is something to read or nobody left to write."""
        self._stopped = True
        self._credit.release()

    def run(self) -> None:
        """Read until the end."""
        data = b"-"
        while data and self._credit.acquire() and not self._stopped:
            data = _read(self._answers)
            self._queue.put(data)
        os.close(self._answers)


class _Listener(threading.Thread):
    """Gathers what is printed during an exchange, up to its mark.

    Attributes:
        marked: set when the mark has come.
    """

    def __init__(self, prints: int) -> None:
        super().__init__(name="listener", daemon=True)
        self._prints = prints
        self._lock = threading.Lock()
        self._printed = Printed()
        self._mark = self._tail = self._ahead = b""
        self._listening = threading.Event()
        self._stopped = False
        self.marked = threading.Event()

    def begin(self) -> None:
        """Start anew, with what came after the last mark."""
        with self._lock:
            self._printed.clear()
            self._printed.add(self._ahead)
            self._tail = self._ahead[-_TAIL_BYTES:]
            self._mark = self._ahead = b""
        self.marked.clear()
        self._listening.set()

    def expect(self) -> bytes:
        """Return the mark that must be written now, and behind which nothing counts."""
        with self._lock:
            self._mark = os.urandom(_MARK_BYTES)
            return self._mark

    def pause(self) -> None:
        """Read no more than what is being read."""
        self._listening.clear()

    def text(self) -> str:
        """Return what was printed."""
        with self._lock:
            return self._printed.text()

    def stop(self) -> None:
        """End, once there is something to read or nobody left to write."""
        self._stopped = True
        self._listening.set()

    def run(self) -> None:
        """Listen until the end."""
        while self._listening.wait() and not self._stopped and (data := _read(self._prints)):
            with self._lock:
                self._take(data)
        os.close(self._prints)

    def _take(self, data: bytes) -> None:
        self._printed.add(data)
        seen = self._tail + data
        self._tail = seen[-_TAIL_BYTES:]
        before, mark, after = seen.partition(self._mark) if self._mark else (seen, b"", b"")
        if mark:
            # The worker's own mark, which comes before ours, is no words of the student's either.
            self._printed.take_back(len(seen) - len(before.removesuffix(PRINTED_MARK)))
            self._mark, self._ahead = b"", after
            self.pause()
            self.marked.set()


def _read(descriptor: int) -> bytes:
    """Return what has come, b"" at the end: nobody holds the other end any more."""
    try:
        return os.read(descriptor, CHUNK)
    except OSError:
        return b""


def connect(ends: Ends, process: Process) -> ThreadChannel:
    """Return a channel that also sees when the process ends."""
    return ThreadChannel(ends, lambda: process.poll() is not None)
