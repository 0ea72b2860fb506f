"""The worker's loop: a letter in, a letter out, until the parent closes the door."""

from __future__ import annotations

import os
import random
import sys
import types
from collections.abc import Sequence
from typing import Any

import numpy.random as numpy_random  # which numpy itself would load at a student's first draw

from grader.wire import FrameReader, Value, WireError, decode, frame
from grader.worker import letters, stubs
from grader.worker.answers import seal
from grader.worker.bulwark import Bulwark, WallError
from grader.worker.bundles import unbundle
from grader.worker.calls import call, lend, read
from grader.worker.cells import Cells
from grader.worker.load import load, open_notebook
from grader.worker.names import Names
from grader.worker.wall.limits import Limits

_UNNUMBERED = frozenset({letters.LOAD, letters.OPEN, letters.LEND})


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
        data = frame(seal(letter))
        written = os.write(self._answers, data)
        while written < len(data):
            written += os.write(self._answers, memoryview(data)[written:])


class Desk:
    """Where one submission is worked on: its module, and every argument that it was ever given."""

    _cells: Cells

    def __init__(self) -> None:
        self._module = types.ModuleType("submission")
        self._names = Names()
        # An argument that is freed leaves its address to the next one, and a cache keyed by id() would then give
        # marks by chance. Kept alive, no two arguments share an address.
        self._kept: list[Value] = []

    def answer(self, letter: tuple[Any, ...]) -> tuple[Value, ...]:
        """Do what `letter` asks for and return the answer."""
        kind, *rest = letter
        if kind == letters.CALL:
            number, function, args, observe = rest
            self._kept.append(args)
            return call(self._module, self._names, number, function, args, observe)
        if kind == letters.LOAD:
            self._module, self._names, answer = load(*rest)
            return answer
        if kind == letters.OPEN:
            self._module, self._names, self._cells, answer = open_notebook(*rest)
            return answer
        if kind == letters.STEP:
            return self._cells.run(self._module, *rest)
        if kind == letters.LEND:
            return lend(self._module, *rest)
        number, variable = rest
        return read(self._module, self._names, number, variable)


def prepare() -> None:
    """Make this process what a worker is before it has a submission, or a zygote the one of all its workers."""
    stubs.install()
    # What is drawn without a seed of one's own is the same in every run.
    random.seed(0)
    numpy_random.seed(0)  # noqa: NPY002  (what students draw from)


def serve(requests: int, answers: int, sites: Sequence[str], bulwark: Bulwark | str | None = None) -> None:
    """Put up the wall, then answer letters until there are no more.

    Args:
        requests: descriptor to read letters from.
        answers: descriptor to write letters to.
        sites: folders that imports need.
        bulwark: the wall, where a zygote has prepared it, or why that could not be done; by default the first
            letter says what it should be.
    """
    door, desk = Door(requests, answers), Desk()
    while (letter := door.receive()) is not None:
        kind, *rest = letter
        try:
            if kind == letters.WALL:
                layers, protected, parent, uid, known = rest
                bulwark = Bulwark(layers, sites, list(map(os.fsdecode, protected)), parent, uid, known)
                continue
            if kind == letters.SETTINGS and bulwark is not None:
                if isinstance(bulwark, str):
                    raise WallError(bulwark)  # noqa: TRY301  (answered as any other)
                memory, cpu_seconds, folder, scratch, scratch_bytes, uid, is_known = rest
                limits = Limits(memory_bytes=memory, cpu_seconds=cpu_seconds, file_bytes=scratch_bytes)
                *ready, known = bulwark.rise(limits, os.fsdecode(folder), scratch, uid, keep={requests, answers})
                door.send((*ready, {} if is_known else known))
                break
        except (WallError, OSError) as error:
            door.send((letters.BROKEN, str(error)))
            return
    while (letter := door.receive()) is not None:
        if letter[0] == letters.PROBE and isinstance(bulwark, Bulwark):
            door.send(bulwark.probe(*letter[1:]))
        elif letter[0] == letters.MANY:
            for one in unbundle(letter[1]):
                _answer(door, desk, one)
        else:
            _answer(door, desk, letter)


def _answer(door: Door, desk: Desk, letter: tuple[Any, ...]) -> None:
    streams = [sys.stdout, sys.stderr]
    reply = desk.answer(letter)
    # What was printed must leave before the answer does, or the parent counts it for the next call.
    if sys.stdout is not streams[0] or sys.stderr is not streams[1]:
        streams += [sys.stdout, sys.stderr]
    for stream in streams:
        _flush(stream)
    try:  # noqa: SIM105  contextlib costs as much as the write
        os.write(1, letters.PRINTED_MARK)
    except OSError:
        # A student may have closed it; what is printed then belongs to nobody.
        pass
    number = () if letter[0] in _UNNUMBERED else (letter[1],)
    try:
        door.send(reply)
    except MemoryError:
        door.send((letters.MEMORY, *number))
    except (WireError, RecursionError) as error:
        door.send((letters.UNSENDABLE, *number, str(error) or type(error).__name__))


def _flush(stream: Any) -> None:
    try:  # noqa: SIM105  contextlib costs more than most flushes
        stream.flush()
    except BaseException:  # noqa: BLE001, S110  a student may have put anything there, or closed it
        pass
