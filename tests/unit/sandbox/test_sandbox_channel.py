from __future__ import annotations

import contextlib
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from grader.sandbox import channel as channel_module
from grader.sandbox.channel import PRINTED_BYTES, Channel, Closed, Event, Frame, Junk, Late
from grader.wire import MAX_BYTES, FrameReader, frame

LONG = 20.0


class Peer:
    """A worker's ends of the pipes, played by a thread."""

    def __init__(self, *, ended: bool) -> None:
        pairs = [os.pipe() for _ in range(4)]
        (self.requests, ours), (answers, self.answers), (prints, self.prints), (self.end, self._alive) = pairs
        self.channel = Channel(ours, answers, prints, self.end if ended else None)
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
        os.close(self._alive)

    def close(self) -> None:
        for thread in self._threads:
            thread.join(LONG)
        self.channel.close()
        for descriptor in (self.requests, self.answers, self.prints, self.end, self._alive):
            with contextlib.suppress(OSError):
                os.close(descriptor)


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer(ended=True)
    yield peer
    peer.close()


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
    os.close(peer.requests)
    peer.channel.post(b"x")
    os.close(peer.answers)
    assert _exchange(peer) == Closed()


def test_waiting_alone_asks_nothing(peer: Peer) -> None:
    os.write(peer.answers, frame(b"ready"))
    assert _exchange(peer, None) == Frame(b"ready")


class TestEnd:
    def test_a_closed_door_is_the_end(self, peer: Peer) -> None:
        os.close(peer.answers)
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
        os.close(peer.requests)
        os.close(peer.answers)
        assert _exchange(peer, bytes(size)) == Closed()

    def test_nobody_reads_the_rest(self, peer: Peer) -> None:
        def part() -> None:
            os.read(peer.requests, 1000)
            os.close(peer.requests)
            os.write(peer.answers, frame(b"enough"))

        peer.play(part)
        assert isinstance(_exchange(peer, bytes(1 << 20)), (Frame, Junk))

    def test_where_there_is_no_descriptor_for_it(self) -> None:
        peer = Peer(ended=False)
        os.close(peer.answers)
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
        os.close(peer.prints)
        assert self._told(peer) == ""
        assert self._told(peer) == ""

    def test_who_never_stops_printing_is_read_to_a_bound(
        self, peer: Peer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reads = []

        def read(descriptor: int) -> bytes:
            reads.append(descriptor)
            return b"y" * 1000

        os.write(peer.answers, frame(b"done"))
        monkeypatch.setattr(channel_module.Channel, "_exchange", lambda *_: Frame(b"done"))
        monkeypatch.setattr(channel_module.Channel, "_read", staticmethod(read))
        assert _exchange(peer) == Frame(b"done")
        assert 10 < len(reads) < 1000


def test_closing_twice_is_no_trouble(peer: Peer) -> None:
    peer.channel.close()
    peer.channel.close()
