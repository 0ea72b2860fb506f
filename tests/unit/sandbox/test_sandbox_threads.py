"""What is the threads' own; `test_sandbox_channel.py` has what both transports share."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from grader.sandbox.channel import Closed, Frame, Late, Printed
from grader.sandbox.pipes import Ends
from grader.sandbox.threads import ThreadChannel
from grader.wire import FrameReader, frame

LONG = 20.0


@dataclass
class Worker:
    """Its ends, and the channel to them."""

    requests: int
    answers: int
    prints: int
    channel: ThreadChannel
    ended: bool = False


@pytest.fixture
def worker() -> Iterator[Worker]:
    (requests, ours), (answers, its), (prints, marks) = (os.pipe() for _ in range(3))
    ends = Ends(ours, answers, prints, marks)
    played = Worker(requests, its, os.dup(marks), ThreadChannel(ends, lambda: played.ended))
    yield played
    for descriptor in (played.requests, played.answers, played.prints):
        os.close(descriptor)
    played.channel.close()
    for thread in played.channel._threads:
        thread.join(LONG)
    assert not _alive(played.channel)


def _alive(channel: ThreadChannel) -> list[str]:
    return [thread.name for thread in channel._threads if thread.is_alive()]


def _answering(worker: Worker, prints: Callable[[bytes], bytes], count: int) -> threading.Thread:
    def run() -> None:
        reader, done = FrameReader(), 0
        while done < count:
            for question in reader.feed(os.read(worker.requests, 1 << 16)):
                data = memoryview(prints(question))
                while data:
                    data = data[os.write(worker.prints, data) :]
                os.write(worker.answers, frame(question))
                done += 1

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_mark_may_be_read_in_pieces(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.sandbox.threads.CHUNK", 5)
    thread = _answering(worker, lambda question: b"said " + question, 50)
    for number in range(50):
        question = b"%d" % number
        assert worker.channel.exchange(question, LONG)[0] == Frame(question)
        assert worker.channel.printed() == f"said {number}"
    thread.join()


def test_prints_never_slip_to_another_answer(worker: Worker) -> None:
    def told(question: bytes) -> bytes:
        return question * (1 + 999 * (int(question) % 7))

    thread = _answering(worker, told, 1000)
    for number in range(1000):
        worker.channel.exchange(b"%d " % number, LONG)
        expected = Printed()
        expected.add(told(b"%d " % number))
        assert worker.channel.printed() == expected.text()
    thread.join()


def test_who_takes_the_mark_away_costs_a_moment(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.sandbox.threads._GRACE", 0.1)
    monkeypatch.setattr(worker.channel._writer, "mark", lambda _: None)
    os.write(worker.answers, frame(b"done"))
    os.write(worker.prints, b"words")
    start = time.monotonic()
    assert worker.channel.exchange(None, LONG)[0] == Frame(b"done")
    assert 0.1 <= time.monotonic() - start < LONG / 2
    assert worker.channel.printed() == "words"


def test_an_end_is_seen_though_a_survivor_holds_the_pipes(worker: Worker) -> None:
    worker.ended = True
    event, seconds = worker.channel.exchange(b"question", LONG)
    assert event == Closed()
    assert seconds < LONG / 2


def test_closed_under_a_survivor_all_but_the_reader_ends(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.sandbox.threads._END_SECONDS", 0.2)
    worker.channel.close()
    assert _alive(worker.channel) == ["reader"]


def test_closed_while_nobody_reads_a_long_question(monkeypatch: pytest.MonkeyPatch) -> None:
    (requests, ours), (answers, its), (prints, marks) = (os.pipe() for _ in range(3))
    channel = ThreadChannel(Ends(ours, answers, prints, marks), lambda: False)
    assert channel.exchange(bytes(1 << 20), 0.05)[0] == Late()
    os.close(requests)
    os.close(its)
    channel.close()
    assert not _alive(channel)


def test_closed_under_a_flood_of_prints(worker: Worker) -> None:
    stop = threading.Event()
    os.set_blocking(worker.prints, False)

    def flood() -> None:
        while not stop.is_set():
            try:
                os.write(worker.prints, bytes(1 << 16))
            except BlockingIOError:
                continue
            except BrokenPipeError:
                return

    thread = threading.Thread(target=flood)
    thread.start()
    worker.channel.exchange(None, 0.05)
    os.close(worker.answers)  # as the end of a worker does, whose child floods on
    worker.answers = os.dup(worker.requests)
    start = time.monotonic()
    worker.channel.close()
    assert time.monotonic() - start < LONG / 2
    assert not _alive(worker.channel)
    stop.set()
    thread.join()


def test_an_answer_before_the_writer_is_told_that_it_is_through_counts(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = worker.channel._writer._write

    def slow(descriptor: int, data: bytes) -> None:
        write(descriptor, data)
        time.sleep(0.2)

    monkeypatch.setattr(worker.channel._writer, "_write", slow)
    thread = _answering(worker, lambda _: b"", 1)
    assert worker.channel.exchange(b"question", LONG)[0] == Frame(b"question")
    thread.join()
