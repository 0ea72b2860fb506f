"""What a channel keeps to, whatever moves the bytes: every test here runs over both transports."""

from __future__ import annotations

import contextlib
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.sandbox.channel import PRINTED_BYTES, Answers, Channel, Closed, Event, Frame, Junk, Late, Printed
from grader.sandbox.pipes import Ends
from grader.sandbox.polling import PollChannel
from grader.sandbox.threads import ThreadChannel
from grader.wire import MAX_BYTES, FrameReader, frame

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

    def play(self, part: Callable[[], object]) -> None:
        thread = threading.Thread(target=part)
        thread.start()
        self._threads.append(thread)

    def request(self) -> bytes:
        reader = FrameReader()
        while True:
            if done := reader.feed(os.read(self.requests, 1 << 16)):
                return done[0]

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
    def test_exactly_what_was_printed_is_kept_around_the_bound(self, peer: Peer, size: int) -> None:
        more = "\n[1 more bytes]" if size > PRINTED_BYTES else ""
        for _ in range(3):
            assert self._told(peer, b"y" * size) == "y" * min(size, PRINTED_BYTES) + more

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
