from __future__ import annotations

import io
import linecache
import os
import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from grader.wire import MAX_BYTES, FrameReader, Opaque, Value, WireError, decode, encode, frame
from grader.worker import letters, serve
from grader.worker.serve import Desk, Door

SOURCE = b"""
import sys
cache = {}
def double(x): return 2 * x
def cached(x):
    key = id(x)
    if key not in cache:
        cache[key] = float(x.sum())
    return cache[key]
def huge(): return bytes(20_000_000)
def deep():
    value = []
    for _ in range(100): value = [value]
    return value
def loud():
    print("loud")
    return 1
def closes(): sys.stdout.close(); return 1
def no_stream(): sys.stdout = sys.stderr = 3; return 1
"""


@pytest.fixture(autouse=True)
def _leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "submission", types.ModuleType("submission"))
    monkeypatch.setattr(linecache, "cache", {})
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])


@pytest.fixture
def pipes() -> Iterator[tuple[int, int, int, int]]:
    descriptors = (*os.pipe(), *os.pipe())
    yield descriptors
    for descriptor in descriptors:
        try:
            os.close(descriptor)
        except OSError:
            continue


def _load(source: bytes = SOURCE) -> tuple[Value, ...]:
    return (letters.LOAD, source, "homework.py", letters.WHOLE_FILE)


def _call(number: int, function: str, *args: Value) -> tuple[Value, ...]:
    return (letters.CALL, number, function, list(args), [])


class TestDoor:
    def test_letters_come_in_order_however_they_are_cut(self, pipes: tuple[int, int, int, int]) -> None:
        inside, outside, _, answers = pipes
        door = Door(inside, answers)
        data = b"".join(frame(encode((word, 1))) for word in ("one", "two", "three"))
        for piece in (data[:3], data[3:20], data[20:]):
            os.write(outside, piece)
        assert [door.receive() for _ in range(3)] == [("one", 1), ("two", 1), ("three", 1)]

    def test_no_letter_comes_after_the_end(self, pipes: tuple[int, int, int, int]) -> None:
        os.close(pipes[1])
        assert Door(pipes[0], pipes[3]).receive() is None

    def test_arrays_that_come_in_can_be_changed(self, pipes: tuple[int, int, int, int]) -> None:
        os.write(pipes[1], frame(encode((np.zeros(3),))))
        letter = Door(pipes[0], pipes[3]).receive()
        assert letter is not None
        letter[0][0] = 1.0

    def test_a_letter_goes_out_whole(self, pipes: tuple[int, int, int, int]) -> None:
        _, _, outside, answers = pipes
        Door(pipes[0], answers).send(("hello", 3))
        assert FrameReader().feed(os.read(outside, 1000)) == [encode(("hello", 3))]

    def test_what_does_not_fit_leaves_nothing_behind(self, pipes: tuple[int, int, int, int]) -> None:
        _, _, outside, answers = pipes
        with pytest.raises(WireError):
            Door(pipes[0], answers).send((bytes(MAX_BYTES + 1),))
        os.set_blocking(outside, False)
        with pytest.raises(BlockingIOError):
            os.read(outside, 1)


class TestDesk:
    def test_settings_are_put_in_force(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found: list[tuple[int, ...]] = []
        monkeypatch.setattr(serve, "limit_memory", lambda *numbers: found.append(numbers))
        assert Desk().answer((letters.SETTINGS, 1 << 30, 61)) == (letters.READY,)
        assert found == [(1 << 30, 61)]

    def test_a_submission_is_loaded_called_and_read(self) -> None:
        desk = Desk()
        assert desk.answer(_load())[0] == letters.LOADED
        assert desk.answer(_call(1, "double", 4)) == (letters.RETURNED, 1, 8, [])
        assert desk.answer((letters.READ, 2, "cache")) == (letters.RETURNED, 2, {}, [])

    def test_before_a_load_every_name_is_missing(self) -> None:
        assert Desk().answer(_call(1, "double", 4))[:2] == (letters.MISSING, 1)

    def test_a_cache_keyed_by_identity_never_meets_an_old_address(self) -> None:
        desk = Desk()
        desk.answer(_load())
        for number in range(200):
            payload = encode(_call(number, "cached", np.full(10, float(number))))
            assert desk.answer(decode(payload, writable=True))[2] == 10.0 * number


class TestServe:
    def _talk(self, pipes: tuple[int, int, int, int], *requests: tuple[Value, ...]) -> list[Any]:
        inside, outside, read, answers = pipes
        os.write(outside, b"".join(frame(encode(letter)) for letter in requests))
        os.close(outside)
        serve.serve(inside, answers)
        return [decode(payload) for payload in FrameReader().feed(os.read(read, 1 << 16))]

    def test_it_answers_until_the_door_is_closed(self, pipes: tuple[int, int, int, int]) -> None:
        loaded, *answers = self._talk(pipes, _load(), _call(1, "double", 2), _call(2, "double", 3))
        assert loaded[0] == letters.LOADED
        assert [answer[2] for answer in answers] == [4, 6]

    @pytest.mark.parametrize("function", ["huge", "deep"])
    def test_an_answer_that_does_not_fit_is_told(self, pipes: tuple[int, int, int, int], function: str) -> None:
        _, refused, fine = self._talk(pipes, _load(), _call(1, function), _call(2, "double", 1))
        assert refused[:2] == (letters.UNSENDABLE, 1)
        assert refused[2]
        assert fine == (letters.RETURNED, 2, 2, [])

    def test_what_cannot_travel_is_named(self, pipes: tuple[int, int, int, int]) -> None:
        answer = self._talk(pipes, _load(), _call(1, "double", [1]), (letters.READ, 2, "sys"))[-1]
        assert answer == (letters.RETURNED, 2, Opaque("module"), [])

    @pytest.mark.parametrize("function", ["closes", "no_stream"])
    def test_streams_may_be_anything(
        self, pipes: tuple[int, int, int, int], function: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("stdout", "stderr"):
            monkeypatch.setattr(sys, name, io.StringIO())
        answer = self._talk(pipes, _load(), _call(1, function))[-1]
        assert answer == (letters.RETURNED, 1, 1, [])

    def test_prints_leave_before_the_answer(
        self, pipes: tuple[int, int, int, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order: list[str] = []

        class Stream:
            def write(self, text: str) -> None:
                order.append(text)

            def flush(self) -> None:
                order.append("flush")

        monkeypatch.setattr(sys, "stdout", Stream())
        monkeypatch.setattr(Door, "send", lambda _, letter: order.append(letter[0]))
        self._talk_only(pipes, _load(), _call(1, "loud"))
        assert "".join(order).startswith("flush" * order.index(letters.LOADED))
        tail = order[order.index(letters.LOADED) + 1 :]
        assert tail[0] == "loud"
        assert tail[-2:] == ["flush", letters.RETURNED]

    def _talk_only(self, pipes: tuple[int, int, int, int], *requests: tuple[Value, ...]) -> None:
        os.write(pipes[1], b"".join(frame(encode(letter)) for letter in requests))
        os.close(pipes[1])
        serve.serve(pipes[0], pipes[3])
