"""The worker's loop: a letter in, a letter out, until the parent closes the door."""

from __future__ import annotations

import contextlib
import os
import sys
import types
from typing import Any

from grader.wire import FrameReader, Value, WireError, decode, encode, frame
from grader.worker import letters, stubs
from grader.worker.calls import call, read
from grader.worker.limits import limit_memory
from grader.worker.load import Names, load


class Door:
    """Letters on a pair of descriptors, one at a time.

    Args:
        requests: descriptor to read from.
        answers: descriptor to write to.
    """

    def __init__(self, requests: int, answers: int) -> None:
        self._requests = requests
        self._answers = answers
        self._reader = FrameReader()
        self._waiting: list[bytes] = []

    def receive(self) -> tuple[Any, ...] | None:
        """Return the next letter, or None when the parent has closed its end."""
        while not self._waiting:
            data = os.read(self._requests, 1 << 16)
            if not data:
                return None
            self._waiting += self._reader.feed(data)
        letter: tuple[Any, ...] = decode(self._waiting.pop(0), writable=True)
        return letter

    def send(self, letter: tuple[Value, ...]) -> None:
        """Write one letter.

        Raises:
            WireError: it does not fit the wire.
        """
        data = memoryview(frame(encode(letter)))
        while data:
            data = data[os.write(self._answers, data) :]


class Desk:
    """Where one submission is worked on: its module, and every argument that it was ever given."""

    def __init__(self) -> None:
        self._module = types.ModuleType("submission")
        self._names = Names()
        # An argument that is freed leaves its address to the next one, and a cache keyed by id() would then give
        # marks by chance. Kept alive, no two arguments share an address.
        self._kept: list[Value] = []

    def answer(self, letter: tuple[Any, ...]) -> tuple[Value, ...]:
        """Do what `letter` asks for and return the answer."""
        kind, *rest = letter
        if kind == letters.SETTINGS:
            limit_memory(*rest)
            return (letters.READY,)
        if kind == letters.LOAD:
            source, name, complete_until = rest
            self._module, self._names, answer = load(source, name, complete_until)
            return answer
        if kind == letters.READ:
            number, variable = rest
            return read(self._module, self._names, number, variable)
        number, function, args, observe = rest
        self._kept.append(args)
        return call(self._module, self._names, number, function, args, observe)


def serve(requests: int, answers: int) -> None:
    """Answer letters until there are no more."""
    stubs.install()
    door, desk = Door(requests, answers), Desk()
    streams = (sys.stdout, sys.stderr)
    while (letter := door.receive()) is not None:
        reply = desk.answer(letter)
        # What was printed must leave before the answer does, or the parent counts it for the next call.
        for stream in (*streams, sys.stdout, sys.stderr):
            _flush(stream)
        try:
            door.send(reply)
        except (WireError, MemoryError, RecursionError) as error:
            door.send((letters.UNSENDABLE, letter[1], str(error) or type(error).__name__))


def _flush(stream: Any) -> None:
    # A student may have put anything there, or closed it.
    with contextlib.suppress(BaseException):
        stream.flush()
