from __future__ import annotations

import io
import linecache
import os
import random
import sys
import types
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import pytest

from grader.wire import MAX_BYTES, FrameReader, Opaque, Value, WireError, decode, encode, frame
from grader.worker import letters, serve
from grader.worker.serve import Desk, Door
from grader.worker.wall.layers import WallError
from grader.worker.wall.limits import Limits

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
class Hungry(list):
    def __iter__(self): raise MemoryError
def hungry(): return Hungry([1])
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
    return (letters.LOAD, {"homework.py": source}, "homework.py", letters.WHOLE_FILE)


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
    def test_a_submission_is_loaded_called_and_read(self) -> None:
        desk = Desk()
        assert desk.answer(_load())[0] == letters.LOADED
        assert desk.answer(_call(1, "double", 4)) == (letters.RETURNED, 1, 8, [])
        assert desk.answer((letters.READ, 2, "cache")) == (letters.RETURNED, 2, {}, [])

    def test_a_helper_that_is_lent_takes_the_place_of_the_student_s(self) -> None:
        desk = Desk()
        desk.answer(_load())
        assert desk.answer((letters.LEND, {"double": "def double(x): return 20 * x"})) == (letters.LENT,)
        assert desk.answer(_call(1, "double", 4)) == (letters.RETURNED, 1, 80, [])

    def test_before_a_load_every_name_is_missing(self) -> None:
        assert Desk().answer(_call(1, "double", 4))[:2] == (letters.MISSING, 1)

    def test_a_cache_keyed_by_identity_never_meets_an_old_address(self) -> None:
        desk = Desk()
        desk.answer(_load())
        for number in range(200):
            payload = encode(_call(number, "cached", np.full(10, float(number))))
            assert desk.answer(decode(payload, writable=True))[2] == 10.0 * number


WALL = (letters.WALL, ["landlock"], [b"/key"], 17, None, None)
SETTINGS = (letters.SETTINGS, 1 << 30, 61, b"/hand/\xff", "/scratch", 5000, 61_234, False)


class FakeBulwark:
    """Records what it is asked for, and puts up nothing: a wall around the tests would stay."""

    made: ClassVar[list[tuple[Any, ...]]] = []
    fails = ""

    def __init__(self, *items: Any) -> None:
        self.made.append(items)
        if self.fails == "prepare":
            raise WallError("landlock: no room")

    def rise(self, *items: Any, keep: set[int]) -> tuple[Value, ...]:
        self.made.append((*items, keep))
        if self.fails == "rise":
            raise OSError(13, "Permission denied", "/hand/in")
        return (letters.READY, [], [], {})

    def probe(self, *items: Any) -> tuple[Value, ...]:
        return (letters.PROBED, list(items))


@pytest.fixture
def bulwark(monkeypatch: pytest.MonkeyPatch) -> type[FakeBulwark]:
    monkeypatch.setattr(FakeBulwark, "made", [])
    monkeypatch.setattr(FakeBulwark, "fails", "")
    monkeypatch.setattr(serve, "Bulwark", FakeBulwark)
    return FakeBulwark


def _serve(pipes: tuple[int, int, int, int], *requests: tuple[Value, ...], bulwark: Any = None) -> list[Any]:
    inside, outside, read, answers = pipes
    os.write(outside, b"".join(frame(encode(letter)) for letter in requests))
    os.close(outside)
    serve.serve(inside, answers, ["/site"], bulwark)
    os.set_blocking(read, False)
    try:
        return [decode(payload) for payload in FrameReader().feed(os.read(read, 1 << 16))]
    except BlockingIOError:
        return []


class TestWall:
    def test_it_is_prepared_then_raised_then_reported(
        self, pipes: tuple[int, int, int, int], bulwark: type[FakeBulwark]
    ) -> None:
        assert _serve(pipes, WALL, SETTINGS) == [(letters.READY, [], [], {})]
        prepared, raised = bulwark.made
        assert prepared == (["landlock"], ["/site"], ["/key"], 17, None, None)
        limits = Limits(memory_bytes=1 << 30, cpu_seconds=61, file_bytes=5000)
        assert raised == (limits, os.fsdecode(b"/hand/\xff"), "/scratch", 61_234, {pipes[0], pipes[3]})

    @pytest.mark.parametrize(
        ("fails", "why"),
        [
            ("prepare", "landlock: no room"),
            ("rise", "[Errno 13] Permission denied: '/hand/in'"),
        ],
    )
    def test_without_one_no_submission_is_loaded(
        self, pipes: tuple[int, int, int, int], bulwark: type[FakeBulwark], fails: str, why: str
    ) -> None:
        bulwark.fails = fails
        assert _serve(pipes, WALL, SETTINGS, _load(b"raise SystemExit")) == [(letters.BROKEN, why)]

    def test_one_that_a_zygote_has_prepared_is_raised(self, pipes: tuple[int, int, int, int]) -> None:
        bulwark: Any = FakeBulwark()
        answers = _serve(pipes, SETTINGS, _load(), _call(1, "double", 2), bulwark=bulwark)
        assert [answer[0] for answer in answers] == [letters.READY, letters.LOADED, letters.RETURNED]

    def test_one_that_a_zygote_could_not_prepare_is_told(self, pipes: tuple[int, int, int, int]) -> None:
        answers = _serve(pipes, SETTINGS, _load(b"raise SystemExit"), bulwark="landlock: no room")
        assert answers == [(letters.BROKEN, "landlock: no room")]

    @pytest.mark.usefixtures("bulwark")
    @pytest.mark.parametrize("early", [(), (WALL,), (SETTINGS,)], ids=["nothing", "wall", "settings"])
    def test_nor_before_one(self, pipes: tuple[int, int, int, int], early: tuple[tuple[Value, ...], ...]) -> None:
        assert _serve(pipes, *early, _load(b"raise SystemExit"), _call(1, "double", 2)) == []

    @pytest.mark.usefixtures("bulwark")
    def test_it_is_tried_by_a_canary(self, pipes: tuple[int, int, int, int]) -> None:
        answers = _serve(pipes, WALL, SETTINGS, (letters.PROBE, "/file", "/folder", 3))
        assert answers[1:] == [(letters.PROBED, ["/file", "/folder", 3])]


@pytest.mark.usefixtures("bulwark")
class TestServe:
    def _talk(self, pipes: tuple[int, int, int, int], *requests: tuple[Value, ...]) -> list[Any]:
        return _serve(pipes, WALL, SETTINGS, *requests)[1:]

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

    def test_an_answer_for_which_no_memory_is_left(self, pipes: tuple[int, int, int, int]) -> None:
        _, starved, fine = self._talk(pipes, _load(), _call(1, "hungry"), _call(2, "double", 1))
        assert starved == (letters.MEMORY, 1)
        assert fine == (letters.RETURNED, 2, 2, [])

    @pytest.mark.parametrize(
        ("error", "answer"),
        [(MemoryError, (letters.MEMORY,)), (RecursionError, (letters.UNSENDABLE, "RecursionError"))],
    )
    def test_nor_for_the_answer_to_a_load(
        self, pipes: tuple[int, int, int, int], error: type[Exception], answer: Value,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        send = Door.send

        def fail(door: Door, letter: tuple[Value, ...]) -> None:
            if letter[0] == letters.LOADED:
                raise error
            send(door, letter)

        monkeypatch.setattr(Door, "send", fail)
        assert self._talk(pipes, _load()) == [answer]

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

    def test_a_mark_follows_what_each_answer_prints(
        self, pipes: tuple[int, int, int, int], capfd: pytest.CaptureFixture[str]
    ) -> None:
        self._talk(pipes, _load(b"print('top')\n" + SOURCE), _call(1, "loud"), _call(2, "double", 1))
        mark = letters.PRINTED_MARK.decode()
        assert capfd.readouterr().out == f"top\n{mark}loud\n{mark}{mark}"

    def test_draws_are_the_same_in_every_run(self, pipes: tuple[int, int, int, int]) -> None:
        code = b"import random\nimport numpy as np\ndef f(): return random.random(), float(np.random.rand())\n"
        random.seed(7)
        serve.prepare()
        _, first, second = self._talk(pipes, _load(code), _call(1, "f"), _call(2, "f"))
        assert first[2] == (0.8444218515250481, 0.5488135039273248)
        assert second[2] != first[2]

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
        self._talk(pipes, _load(), _call(1, "loud"))
        start = order.index(letters.READY) + 1
        assert set(order[start : order.index(letters.LOADED)]) == {"flush"}
        tail = order[order.index(letters.LOADED) + 1 :]
        assert tail[0] == "loud"
        assert tail[-2:] == ["flush", letters.RETURNED]
