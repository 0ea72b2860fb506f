"""What a channel keeps to, whatever moves the bytes: every test here runs over both transports."""

from __future__ import annotations

import contextlib
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from grader.sandbox.channel import (
    PRINTED_BYTES,
    Answers,
    Channel,
    Closed,
    Event,
    Exchange,
    Frame,
    Junk,
    Late,
    Printed,
    PrintedByCall,
)
from grader.sandbox.pipes import Ends
from grader.sandbox.polling import PollChannel
from grader.sandbox.threads import ThreadChannel
from grader.wire import MAX_BYTES, FrameReader, frame
from grader.worker.letters import PRINTED_MARK

LONG = 20.0
TRANSPORTS = ["polling", "threads"]


class Peer:
    """A worker's ends of the pipes, played by a thread."""

    def __init__(self, transport: str, *, ended: bool = True) -> None:
        (self.requests, ours), (answers, self.answers), (prints, marks), (end, self._alive) = (
            os.pipe() for _ in range(4)
        )
        self.prints = os.dup(marks)
        ends = Ends(ours, answers, prints, marks)
        self._dead = False
        if transport == "polling":
            self.channel: Channel = PollChannel(ends, end if ended else None)
        else:
            self.channel = ThreadChannel(ends, lambda: ended and self._dead)
        self._end = None if ended and transport == "polling" else end
        self._threads: list[threading.Thread] = []
        self._reader, self._received = FrameReader(), 0

    def play(self, part: Callable[[], object]) -> None:
        thread = threading.Thread(target=part)
        thread.start()
        self._threads.append(thread)

    def request(self) -> bytes:
        reader = FrameReader()
        while True:
            if done := reader.feed(os.read(self.requests, 1 << 16)):
                return done[0]

    def await_requests(self, count: int) -> None:
        """Wait until so many have come in all, however they come."""
        while self._received < count:
            self._received += len(self._reader.feed(os.read(self.requests, 1 << 16)))

    def die(self) -> None:
        self._dead = True
        self.shut("_alive")

    def shut(self, *names: str) -> None:
        """Close some of its descriptors, once: a number that is free may be anybody's next."""
        for name in names:
            descriptor = getattr(self, name)
            setattr(self, name, None)
            if descriptor is not None:
                os.close(descriptor)

    def close(self) -> None:
        for thread in self._threads:
            thread.join(LONG)
        self.shut("requests", "answers", "prints", "_alive", "_end")
        self.channel.close()


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def peer(transport: str) -> Iterator[Peer]:
    before = len([*Path("/dev/fd").iterdir()])
    peer = Peer(transport)
    yield peer
    peer.close()
    deadline = time.monotonic() + LONG
    while len([*Path("/dev/fd").iterdir()]) > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len([*Path("/dev/fd").iterdir()]) == before


def _framed(payloads: Sequence[bytes]) -> bytes:
    return b"".join(map(frame, payloads))


def _exchange(peer: Peer, payload: bytes | None = b"question", seconds: float = LONG) -> Event:
    return peer.channel.exchange(payload, seconds)[0]


def test_a_letter_goes_there_and_its_answer_comes_back(peer: Peer) -> None:
    def answer() -> None:
        os.write(peer.answers, frame(b"re: " + peer.request()))

    peer.play(answer)
    event, seconds = peer.channel.exchange(b"question", LONG)
    assert event == Frame(b"re: question")
    assert 0 < seconds < LONG


def test_large_letters_pass_both_ways_at_once(peer: Peer) -> None:
    payload = bytes(3 << 20)

    def echo() -> None:
        data = memoryview(frame(peer.request()))
        while data:
            data = data[os.write(peer.answers, data) :]

    peer.play(echo)
    assert _exchange(peer, payload) == Frame(payload)


def test_an_answer_may_come_byte_by_byte(peer: Peer) -> None:
    def drip() -> None:
        peer.request()
        for byte in frame(b"slow"):
            os.write(peer.answers, bytes([byte]))
            time.sleep(0.002)

    peer.play(drip)
    assert _exchange(peer) == Frame(b"slow")


def test_a_drip_does_not_move_the_deadline(peer: Peer) -> None:
    stop = threading.Event()

    def drip() -> None:
        os.write(peer.answers, struct.pack("<I", 1000))
        while not stop.wait(0.01):
            os.write(peer.answers, b"x")

    peer.play(drip)
    assert _exchange(peer, seconds=0.2) == Late()
    stop.set()


@pytest.mark.parametrize("seconds", [0.0, -1.0, 0.05])
def test_silence_is_late(peer: Peer, seconds: float) -> None:
    assert _exchange(peer, seconds=seconds) == Late()


def test_who_reads_nothing_is_late(peer: Peer) -> None:
    assert _exchange(peer, bytes(1 << 20), seconds=0.1) == Late()
    assert _exchange(peer, b"again", seconds=0.1) == Late()


@pytest.mark.parametrize("size", [0, 1 << 20])
def test_what_is_posted_comes_before_the_question_whatever_its_size(peer: Peer, size: int) -> None:
    received: list[int] = []

    def answer() -> None:
        reader = FrameReader()
        while len(received) < 2:
            received.extend(map(len, reader.feed(os.read(peer.requests, 1 << 16))))
        os.write(peer.answers, frame(b"done"))

    peer.channel.post(bytes(size))
    peer.play(answer)
    assert _exchange(peer) == Frame(b"done")
    assert received == [size, len(b"question")]


def test_nobody_is_there_to_read_what_is_posted(peer: Peer) -> None:
    peer.shut("requests")
    peer.channel.post(b"x")
    peer.shut("answers")
    assert _exchange(peer) == Closed()


def test_waiting_alone_asks_nothing(peer: Peer) -> None:
    os.write(peer.answers, frame(b"ready"))
    assert _exchange(peer, None) == Frame(b"ready")


class TestEnd:
    def test_a_closed_door_is_the_end(self, peer: Peer) -> None:
        peer.shut("answers")
        assert _exchange(peer) == Closed()

    def test_the_end_of_the_process_counts_though_another_holds_the_door(self, peer: Peer) -> None:
        peer.die()
        assert _exchange(peer) == Closed()

    def test_an_answer_before_the_end_counts(self, peer: Peer) -> None:
        os.write(peer.answers, frame(b"last words"))
        peer.die()
        assert _exchange(peer, None) == Frame(b"last words")

    @pytest.mark.parametrize("size", [1, 1 << 20])
    def test_nobody_reads_any_more(self, peer: Peer, size: int) -> None:
        peer.shut("requests")
        peer.shut("answers")
        assert _exchange(peer, bytes(size)) == Closed()

    def test_nobody_reads_the_rest(self, peer: Peer) -> None:
        def part() -> None:
            os.read(peer.requests, 1000)
            peer.shut("requests")
            os.write(peer.answers, frame(b"enough"))

        peer.play(part)
        assert isinstance(_exchange(peer, bytes(1 << 20)), (Frame, Junk))

    def test_where_nobody_tells_of_it(self, transport: str) -> None:
        peer = Peer(transport, ended=False)
        peer.shut("answers")
        assert _exchange(peer) == Closed()
        peer.close()


class TestJunk:
    def test_a_letter_that_is_too_long(self, peer: Peer) -> None:
        os.write(peer.answers, struct.pack("<I", MAX_BYTES + 1))
        assert isinstance(_exchange(peer), Junk)

    def test_two_letters_for_one(self, peer: Peer) -> None:
        os.write(peer.answers, frame(b"one") + frame(b"two"))
        assert _exchange(peer) == Junk("more than one letter at once")

    def test_a_letter_and_a_bit(self, peer: Peer) -> None:
        os.write(peer.answers, frame(b"one") + b"x")
        assert _exchange(peer) == Junk("more than one letter at once")

    def test_a_bit_before_the_question(self, peer: Peer) -> None:
        os.write(peer.answers, b"x")
        assert _exchange(peer, None, seconds=0.1) == Late()
        assert _exchange(peer) == Junk("a letter before it was asked for one")

    def test_an_answer_before_the_end_of_the_question(self, peer: Peer) -> None:
        os.write(peer.answers, frame(b"I know"))
        assert _exchange(peer, bytes(1 << 20)) == Junk("an answer before the question was complete")


class TestPrints:
    def _told(self, peer: Peer, *prints: bytes) -> str:
        def part() -> None:
            peer.request()
            for piece in prints:
                data = memoryview(piece)
                while data:
                    data = data[os.write(peer.prints, data) :]
            os.write(peer.answers, frame(b"done"))

        peer.play(part)
        assert _exchange(peer) == Frame(b"done")
        return peer.channel.printed()

    def test_what_is_printed_before_the_answer_belongs_to_it(self, peer: Peer) -> None:
        assert self._told(peer, b"hello\n", "wörld\n".encode()) == "hello\nwörld\n"
        assert self._told(peer) == ""

    def test_a_flood_is_cut_at_the_bound_and_counted(self, peer: Peer) -> None:
        total = 5_000_000
        text = self._told(peer, b"y" * total)
        assert text == "y" * PRINTED_BYTES + f"\n[{total - PRINTED_BYTES} more bytes]"

    def test_bytes_that_are_no_text(self, peer: Peer) -> None:
        assert self._told(peer, b"\xff\xfe") == "\ufffd\ufffd"

    def test_a_closed_end_is_no_trouble(self, peer: Peer) -> None:
        peer.shut("prints")
        assert self._told(peer) == ""
        assert self._told(peer) == ""

    def test_what_is_printed_after_the_answer_belongs_to_the_next(self, peer: Peer) -> None:
        assert self._told(peer, b"first") == "first"
        os.write(peer.prints, b"late ")
        time.sleep(0.05)
        assert self._told(peer, b"second") == "late second"

    def test_what_is_printed_before_the_deadline_is_kept(self, peer: Peer) -> None:
        os.write(peer.prints, b"thinking")
        assert _exchange(peer, seconds=0.2) == Late()
        assert peer.channel.printed() == "thinking"

    def test_what_is_printed_before_the_end_is_kept(self, peer: Peer) -> None:
        os.write(peer.prints, b"bye")
        peer.shut("answers")
        assert _exchange(peer) == Closed()
        assert peer.channel.printed() == "bye"

    @pytest.mark.parametrize("size", [PRINTED_BYTES + extra for extra in (-20, -16, -5, -1, 0, 1)])
    @pytest.mark.parametrize("mark", [b"", PRINTED_MARK])
    def test_exactly_what_was_printed_is_kept_around_the_bound(self, peer: Peer, size: int, mark: bytes) -> None:
        more = "\n[1 more bytes]" if size > PRINTED_BYTES else ""
        for _ in range(3):
            assert self._told(peer, b"y" * size, mark) == "y" * min(size, PRINTED_BYTES) + more

    def test_who_never_stops_printing_does_not_hold_the_grader(self, peer: Peer) -> None:
        stop = threading.Event()

        def flood() -> None:
            os.set_blocking(peer.prints, False)
            while not stop.is_set():
                with contextlib.suppress(BlockingIOError):
                    os.write(peer.prints, b"y" * 5000)

        peer.play(flood)
        peer.play(lambda: os.write(peer.answers, frame(peer.request())))
        start = time.monotonic()
        assert _exchange(peer) == Frame(b"question")
        assert time.monotonic() - start < LONG / 2
        assert len(peer.channel.printed()) < PRINTED_BYTES + 100
        stop.set()


class TestTogether:
    """Several letters at once: each answer, its time and its prints are its own."""

    def _answering(self, peer: Peer, prints: Callable[[bytes], bytes], *, mark: bool = True) -> None:
        """Play a worker that answers what it is asked, and marks what it prints."""

        def part() -> None:
            reader = FrameReader()
            while data := os.read(peer.requests, 1 << 16):
                for payload in reader.feed(data):
                    _write_all(peer.prints, prints(payload) + (PRINTED_MARK if mark else b""))
                    _write_all(peer.answers, frame(payload))
                    if payload.endswith(b"last"):
                        return

        peer.play(part)

    def _ask(self, peer: Peer, *payloads: bytes, seconds: float = LONG, deadline: float = LONG) -> list[Exchange]:
        return list(peer.channel.exchange_all(payloads, _framed, seconds, time.monotonic() + deadline))

    def test_each_has_its_answer_and_its_prints(self, peer: Peer) -> None:
        payloads = [b"%d" % number for number in range(200)]
        self._answering(peer, lambda payload: b"said " + payload)
        made = self._ask(peer, *payloads, b"last")
        assert [each.event for each in made] == [*map(Frame, payloads), Frame(b"last")]
        assert [each.printed for each in made] == [f"said {number}" for number in range(200)] + ["said last"]
        assert all(0 <= each.seconds < LONG for each in made)

    def test_one_that_prints_megabytes_costs_no_other_its_words(self, peer: Peer) -> None:
        total = 5_000_000
        self._answering(peer, lambda payload: b"y" * total if payload == b"loud" else b"said " + payload)
        start = time.monotonic()
        first, loud, last = self._ask(peer, b"one", b"loud", b"last")
        assert time.monotonic() - start < LONG / 4
        assert loud.printed == "y" * PRINTED_BYTES + f"\n[{total - PRINTED_BYTES} more bytes]"
        assert (first.printed, last.printed) == ("said one", "said last")

    @pytest.mark.parametrize("size", [PRINTED_BYTES + extra for extra in (-20, -11, -5, -1, 0, 1)])
    def test_exactly_what_was_printed_is_kept_around_the_bound(self, peer: Peer, size: int) -> None:
        more = "\n[1 more bytes]" if size > PRINTED_BYTES else ""
        self._answering(peer, lambda _: b"y" * size)
        for each in self._ask(peer, b"one", b"two", b"last"):
            assert each.printed == "y" * min(size, PRINTED_BYTES) + more

    @pytest.mark.parametrize("count", [1, 4])
    def test_large_letters_pass_both_ways_at_once(self, peer: Peer, count: int) -> None:
        payloads = [bytes([number]) * (1 << 20) for number in range(count)] + [b"last"]
        self._answering(peer, lambda _: b"")
        assert [each.event for each in self._ask(peer, *payloads)] == [*map(Frame, payloads)]

    def test_what_is_posted_comes_first(self, peer: Peer) -> None:
        def part() -> None:
            for number in (1, 2):
                peer.await_requests(1 + number)
                os.write(peer.answers, frame(b"%d" % number))

        peer.channel.post(bytes(1 << 20))
        peer.play(part)
        assert [each.event for each in self._ask(peer, b"a", b"b")] == [Frame(b"1"), Frame(b"2")]

    def test_the_first_that_does_not_come_in_time_ends_it(self, peer: Peer) -> None:
        def part() -> None:
            os.write(peer.prints, b"one" + PRINTED_MARK)
            peer.await_requests(1)
            os.write(peer.answers, frame(b"1"))
            peer.await_requests(2)
            os.write(peer.prints, b"thinking")

        peer.play(part)
        first, late = self._ask(peer, b"1", b"2", b"3", seconds=0.3)
        assert (first.event, first.printed) == (Frame(b"1"), "one")
        assert (late.event, late.printed) == (Late(), "thinking")
        assert 0.3 <= late.seconds < LONG / 2

    def test_the_deadline_of_all_is_kept(self, peer: Peer) -> None:
        start = time.monotonic()
        (late,) = self._ask(peer, b"1", b"2", deadline=0.2)
        assert late.event == Late()
        assert 0.1 < late.seconds < LONG / 2
        assert time.monotonic() - start < LONG / 2
        (late,) = self._ask(peer, b"3", deadline=-1)
        assert late.event == Late()

    def test_time_is_from_one_answer_to_the_next(self, peer: Peer) -> None:
        def part() -> None:
            for payload in (b"1", b"2", b"3"):
                time.sleep(0.2)
                os.write(peer.answers, frame(payload))

        peer.play(part)
        made = self._ask(peer, b"1", b"2", b"3", seconds=0.4)
        assert [each.event for each in made] == [Frame(b"1"), Frame(b"2"), Frame(b"3")]
        assert all(0.1 < each.seconds < 0.4 for each in made)

    @pytest.mark.parametrize("how", ["shut", "die"])
    def test_the_end_in_the_middle_is_the_end(self, peer: Peer, how: str) -> None:
        def part() -> None:
            peer.await_requests(1)
            os.write(peer.prints, b"one" + PRINTED_MARK)
            os.write(peer.answers, frame(b"1"))
            peer.await_requests(2)
            os.write(peer.prints, b"bye")
            peer.shut("answers") if how == "shut" else peer.die()

        peer.play(part)
        first, end = self._ask(peer, b"1", b"2", b"3")
        assert (first.event, first.printed) == (Frame(b"1"), "one")
        assert (end.event, end.printed) == (Closed(), "bye")

    @pytest.mark.parametrize("junk", [struct.pack("<I", MAX_BYTES + 1), frame(b"a") * 3, frame(b"a") * 2 + b"x"])
    def test_junk_and_letters_too_many(self, peer: Peer, junk: bytes) -> None:
        os.write(peer.answers, junk)
        made = self._ask(peer, b"1", b"2")
        assert isinstance(made[-1].event, Junk)
        assert len(made) <= 2

    def test_a_bit_before_the_question(self, peer: Peer) -> None:
        os.write(peer.answers, b"x")
        assert _exchange(peer, None, seconds=0.1) == Late()
        (made,) = self._ask(peer, b"1", b"2")
        assert made.event == Junk("a letter before it was asked for one")

    def test_who_prints_marks_moves_only_words_of_one_group(self, peer: Peer) -> None:
        said = {b"1": b"a" + PRINTED_MARK + b"b", b"2": b"c", b"last": b"d"}
        self._answering(peer, lambda payload: said[payload])
        made = self._ask(peer, b"1", b"2", b"last")
        together = isinstance(peer.channel, PollChannel)
        assert [each.printed for each in made] == (["a", "b", "c"] if together else ["ab", "c", "d"])
        assert peer.channel.exchange(None, 0.05)[0] == Late()
        assert peer.channel.printed() == ""

    def test_who_prints_marks_without_end_fills_no_memory(self, peer: Peer) -> None:
        stop = threading.Event()

        def flood() -> None:
            os.set_blocking(peer.prints, False)
            while not stop.is_set():
                with contextlib.suppress(BlockingIOError):
                    os.write(peer.prints, (b"y" * 100 + PRINTED_MARK) * 500)

        peer.play(flood)
        made = self._ask(peer, b"1", b"2", b"3", deadline=0.5)
        stop.set()
        assert [each.event for each in made] == [Late()]
        if isinstance(peer.channel, PollChannel):
            assert len(peer.channel._by_call.texts) <= 3
            assert sum(map(len, peer.channel._by_call.texts)) < 4 * PRINTED_BYTES

    def test_who_prints_nothing_and_marks_nothing(self, peer: Peer) -> None:
        def part() -> None:
            for number in (1, 2):
                peer.await_requests(number)
                os.write(peer.answers, frame(b"%d" % number))

        peer.shut("prints")
        peer.play(part)
        assert [each.printed for each in self._ask(peer, b"1", b"2")] == ["", ""]


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


class TestBackpressure:
    """Who is not asked anything is not read from without end."""

    @pytest.mark.parametrize("name", ["answers", "prints"])
    def test_between_questions(self, peer: Peer, name: str) -> None:
        descriptor = getattr(peer, name)
        assert _exchange(peer, None, seconds=0.01) == Late()
        os.set_blocking(descriptor, False)
        written, silent = 0, 0
        while silent < 20:
            try:
                written += os.write(descriptor, bytes(1 << 16))
                silent = 0
            except BlockingIOError:
                silent += 1
                time.sleep(0.01)
            assert written < 1 << 20


def test_closing_twice_is_no_trouble(peer: Peer) -> None:
    peer.channel.close()
    peer.channel.close()


class TestRules:
    """The parts that both transports are made of."""

    def test_a_letter_may_come_in_pieces(self) -> None:
        answers, data = Answers(), frame(b"letter")
        assert [answers.take(data[at : at + 1], unsent=False) for at in range(len(data) - 1)] == [None] * 9
        assert answers.too_early() == Junk("a letter before it was asked for one")
        assert answers.take(data[-1:], unsent=False) == Frame(b"letter")
        assert answers.too_early() is None

    @pytest.mark.parametrize(
        ("data", "due", "frames", "junk"),
        [
            (frame(b"1") + frame(b"2"), 2, 2, ""),
            (frame(b"1") + frame(b"2"), 3, 2, ""),
            (frame(b"1") + b"\xff" * 8, 3, 1, "announces"),
            (frame(b"1") + frame(b"2") + b"\xff" * 8, 3, 2, "announces"),
            (b"\xff" * 8, 3, 0, "announces"),
            (frame(b"1") + frame(b"2") + b"\xff" * 8, 2, 1, "more than one"),
            (frame(b"1") + frame(b"2") + b"x", 2, 1, "more than one"),
            (frame(b"1") + frame(b"2") + frame(b"3"), 2, 1, "more than one"),
            (frame(b"1") + frame(b"2") + frame(b"3"), 1, 0, "more than one"),
            (frame(b"1") + b"x", 1, 0, "more than one"),
        ],
    )
    def test_junk_costs_nothing_of_what_came_before_it(
        self, data: bytes, due: int, frames: int, junk: str
    ) -> None:
        events = Answers().take_many(data, due)
        assert events[:frames] == [Frame(b"%d" % number) for number in range(1, frames + 1)]
        assert len(events) == frames + bool(junk)
        last = events[-1]
        assert not junk or (isinstance(last, Junk) and junk in last.reason)

    def test_what_is_printed_can_be_taken_back(self) -> None:
        printed = Printed()
        printed.add(b"one two")
        printed.take_back(4)
        assert printed.text() == "one"
        printed.add(bytes(PRINTED_BYTES))
        printed.take_back(PRINTED_BYTES - 1)
        assert printed.text() == "one\0"
        printed.clear()
        assert printed.text() == ""

    def test_a_mark_at_the_end_is_no_words(self) -> None:
        printed = Printed()
        for size in (1, len(PRINTED_MARK), PRINTED_BYTES):
            for text in (b"", b"one", PRINTED_MARK, b"y" * PRINTED_BYTES, b"y" * (PRINTED_BYTES + 7)):
                printed.clear()
                data = text + PRINTED_MARK
                for at in range(0, len(data), size):
                    printed.add(data[at : at + size])
                more = "\n[7 more bytes]" if len(text) > PRINTED_BYTES else ""
                assert printed.text() == text[:PRINTED_BYTES].replace(PRINTED_MARK, b"").decode() + more
                assert printed.text(b"x" * (PRINTED_BYTES - len(data))).startswith(printed.text()[:3])

    @pytest.mark.parametrize("size", [1, 2, 5, 11, 12, 100, 1 << 16])
    def test_calls_are_told_apart_however_their_marks_are_cut(self, size: int) -> None:
        words = [b"one", b"", b"\0", b"\0\0print", b"y" * 300, "w\xf6rter".encode()]
        data = b"".join(word + PRINTED_MARK for word in words) + b"rest\0\0"
        by_call = PrintedByCall(len(words) + 2)
        for at in range(0, len(data), size):
            by_call.add(data[at : at + size])
        assert [by_call.text(number) for number in range(len(words))] == [word.decode() for word in words]
        assert (by_call.text(len(words)), by_call.text(len(words) + 1)) == ("rest\0\0", "")

    def test_a_call_that_never_ends_is_cut_at_the_bound_and_counted(self) -> None:
        by_call = PrintedByCall(2)
        by_call.add(b"one" + PRINTED_MARK + b"y" * PRINTED_BYTES)
        by_call.add(b"y" * 1000)
        assert by_call.text(0) == "one"
        assert by_call.text(1) == "y" * PRINTED_BYTES + "\n[1000 more bytes]"

    def test_marks_beyond_the_calls_mark_nothing(self) -> None:
        by_call = PrintedByCall(2)
        by_call.add(b"1" + PRINTED_MARK + b"2" + PRINTED_MARK + (b"3" + PRINTED_MARK) * 100_000)
        assert by_call.texts == ["1", "2"]
        assert len(by_call.text(2)) <= PRINTED_BYTES + 40
