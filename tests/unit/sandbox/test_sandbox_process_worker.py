"""A worker that is asked many things at once: each costs itself, whatever the others do."""

from __future__ import annotations

import contextlib
import os
import struct
import sys
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import numpy as np
import pytest

from grader.errors import HostError
from grader.sandbox import (
    Delivered,
    Foreseen,
    Gone,
    Needs,
    Noise,
    Overdue,
    ProcessBox,
    Reply,
    polling,
    process_worker,
    threads,
)
from grader.sandbox.pipes import Connect
from grader.sandbox.process_worker import ProcessWorker
from grader.wire import Value, WireError, encode, frame
from grader.worker import letters
from grader.worker.answers import seal

LONG = 30.0
NEEDS = Needs(memory_mb=512, cpu_seconds=60)


class Kind(NamedTuple):
    channel: Connect
    zygote: bool


# Pipes are waited at by threads on Windows alone, where nothing is forked.
KINDS = {
    "polling-forked": Kind(polling.connect, zygote=True),
    "polling-executed": Kind(polling.connect, zygote=False),
    "threads-executed": Kind(threads.connect, zygote=False),
}
if sys.platform != "linux":
    del KINDS["polling-forked"]


@pytest.fixture(scope="module", params=KINDS.values(), ids=[*KINDS])
def box(request: pytest.FixtureRequest) -> Iterator[ProcessBox]:
    """One for all tests, as a batch has one for all submissions: each test starts its own workers."""
    kind = cast("Kind", request.param)
    with contextlib.closing(ProcessBox(channel=kind.channel, zygote=kind.zygote)) as box:
        yield box


def _loaded(box: ProcessBox, source: str, needs: Needs = NEEDS) -> ProcessWorker:
    worker = box.start(needs)
    reply = worker.ask((letters.LOAD, {"a.py": source.encode()}, "a.py", letters.WHOLE_FILE), LONG)
    assert isinstance(reply, Delivered)
    assert reply.letter[0] == letters.LOADED, reply.letter
    return worker


def _letters(*calls: tuple[Value, ...]) -> list[bytes]:
    return [
        encode((letters.CALL, number, name, list(args), [])) for number, (name, *args) in enumerate(calls, start=1)
    ]


def _ask(worker: ProcessWorker, *calls: Any, seconds: float = LONG, deadline: float = LONG) -> list[Reply]:
    with contextlib.closing(worker):
        end = time.monotonic() + deadline
        replies = worker.ask_all(_letters(*calls), seconds, end, [None] * len(calls))
        return [reply for reply in replies if not isinstance(reply, Foreseen)]


def _values(replies: list[Reply]) -> list[Any]:
    """Return what was returned, by number, and the name of what is no answer."""
    said: list[Any] = []
    for number, reply in enumerate(replies, start=1):
        if isinstance(reply, Delivered) and reply.letter[:2] == (letters.RETURNED, number):
            said.append(reply.letter[2])
        else:
            said.append(type(reply).__name__)
    return said


TWICE = "import os, sys, time\ndef f(x):\n    print('said', x)\n    return 2 * x\n"
CALLS = [("f", 1), ("f", 2), ("g",), ("f", 4), ("f", 5)]


def test_each_has_its_answer_its_time_and_its_prints(box: ProcessBox) -> None:
    replies = _ask(_loaded(box, TWICE), *(("f", number) for number in range(300)))
    assert _values(replies) == [2 * number for number in range(300)]
    assert [reply.printed for reply in replies] == [f"said {number}\n" for number in range(300)]
    assert all(0 <= reply.seconds < LONG / 2 for reply in replies)


def test_arguments_and_answers_that_fill_every_pipe(box: ProcessBox) -> None:
    arrays = [np.full(200_000, float(number)) for number in range(5)]
    replies = _ask(_loaded(box, TWICE.replace("'said', x", "'said'")), *(("f", array) for array in arrays))
    assert [value[0] for value in _values(replies)] == [0.0, 2.0, 4.0, 6.0, 8.0]
    assert [len(value) for value in _values(replies)] == [200_000] * 5


@pytest.mark.parametrize(
    ("code", "kind", "printed"),
    [
        ("print('hm', flush=True)\n    time.sleep(600)", Overdue, "hm\n"),
        ("print('hm', flush=True)\n    while True: pass", Overdue, "hm\n"),
        ("print('bye', flush=True)\n    os._exit(3)", Gone, "bye\n"),
        ("print('bye', flush=True)\n    os.abort()", Gone, "bye\n"),
        ("os.write(4, b'\\xff' * 8)", Noise, ""),
        ("os.write(4, b'\\1\\0\\0\\0?')", Noise, ""),
        ("os.close(4); time.sleep(600)", Noise, ""),
        ("os.closerange(0, 64); time.sleep(600)", Noise, ""),
    ],
    ids=["sleeps", "loops", "exits", "aborts", "a length", "a value", "closes the door", "closes all"],
)
def test_one_in_the_middle_that_does_not_come_back(box: ProcessBox, code: str, kind: type, printed: str) -> None:
    start = time.monotonic()
    replies = _ask(_loaded(box, f"{TWICE}def g():\n    {code}\n"), *CALLS, seconds=0.5)
    assert time.monotonic() - start < LONG / 2
    if kind is Noise and len(replies) > 3:
        # What it wrote is taken for the beginning of an answer, of its own or of the next one.
        assert _values(replies[:2]) == [2, 4]
        replies = replies[:2] + replies[-1:]
    assert [type(reply) for reply in replies] == [Delivered, Delivered, kind]
    assert _values(replies)[:2] == [2, 4]
    assert [reply.printed for reply in replies] == ["said 1\n", "said 2\n", printed]
    assert not box._uids


@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_who_answers_for_later_calls_in_advance_gains_no_answer_too_many(box: ProcessBox, count: int) -> None:
    forged = b"".join(frame(encode((letters.RETURNED, 4 + number, 99, []))) for number in range(count))
    replies = _ask(_loaded(box, f"{TWICE}def g(): os.write(4, {forged!r})\n"), *CALLS)
    # Whatever is believed came in its order, and the first that did not ends it.
    values = _values(replies)
    assert values[:2] == [2, 4]
    assert len(replies) <= len(CALLS)
    assert all(value in {None, "Delivered", "Noise", 8, 10} for value in values[2:])
    # A letter with another call's number is nobody's answer: it is what the session calls garbled.
    assert values[2] in {"Delivered", "Noise"}


def test_an_end_of_a_letter_that_never_comes(box: ProcessBox) -> None:
    half = struct.pack("<I", 1000) + b"t"
    replies = _ask(
        _loaded(box, f"{TWICE}def g():\n    os.write(4, {half!r})\n    time.sleep(600)\n"), *CALLS, seconds=0.5
    )
    assert [type(reply) for reply in replies] == [Delivered, Delivered, Overdue]


def test_the_time_of_all_is_bounded(box: ProcessBox) -> None:
    start = time.monotonic()
    replies = _ask(
        _loaded(box, "import time\ndef f(x): time.sleep(0.3)\n"), *(("f", 1) for _ in range(20)), deadline=1.0
    )
    assert 0.9 < time.monotonic() - start < 8
    assert isinstance(replies[-1], Overdue)
    assert replies[-1].seconds < LONG
    assert 1 <= len(replies) <= 4


def test_a_deadline_that_has_passed(box: ProcessBox) -> None:
    (reply,) = _ask(_loaded(box, TWICE), *CALLS, deadline=-1.0)
    assert isinstance(reply, Overdue)


class TestPrints:
    """They are told apart by a mark that the student can write as well as we can."""

    def _told(self, box: ProcessBox, code: str, seconds: float = LONG) -> list[str]:
        source = f"{TWICE}{letters.PRINTED_MARK!r}\nmark = {letters.PRINTED_MARK!r}\ndef g():\n    {code}\n"
        replies = _ask(_loaded(box, source), *CALLS, seconds=seconds)
        assert _values(replies) == [2, 4, None, 8, 10]
        return [reply.printed for reply in replies]

    @pytest.mark.parametrize("size", [0, 1, 16_383, 16_384, 16_385, 65_536, 3_000_000])
    def test_however_much_one_prints(self, box: ProcessBox, size: int) -> None:
        kept, more = min(size, 16 * 1024), max(size - 16 * 1024, 0)
        told = self._told(box, f"sys.stdout.write('y' * {size})")
        assert told[2] == "y" * kept + (f"\n[{more} more bytes]" if more else "")
        assert told[:2] + told[3:] == ["said 1\n", "said 2\n", "said 4\n", "said 5\n"]

    def test_a_flood_takes_no_longer_than_when_asked_alone(self, box: ProcessBox) -> None:
        source = f"{TWICE}def g():\n    for _ in range(600): os.write(1, b'y' * 65536)\n"
        start = time.monotonic()
        replies = _ask(_loaded(box, source), *CALLS, seconds=5.0)
        assert _values(replies) == [2, 4, None, 8, 10]
        assert time.monotonic() - start < 6

    @pytest.mark.parametrize(
        ("code", "later"),
        [
            # A mark that it prints moves its own words to its own next call, in its own group.
            ("os.write(1, b'a' + mark + b'b')", {"said 4\n", "b", "a", ""}),
            ("os.write(1, mark * 1000)", {"said 4\n", ""}),
            ("sys.stdout = sys.stderr = None", {"", "said 4\n"}),
            ("os.dup2(2, 1)", {"said 4\n"}),
            ("sys.stderr.write('x' * 3)", {"said 4\n"}),
        ],
        ids=["a mark", "many marks", "no streams", "a copy", "an error"],
    )
    def test_whatever_one_does_to_the_marks(self, box: ProcessBox, code: str, later: set[str]) -> None:
        told = self._told(box, code)
        assert told[:2] == ["said 1\n", "said 2\n"]
        assert told[3] in later

    @pytest.mark.parametrize(
        "code",
        [
            "os.close(1)",
            "os.dup2(os.open(os.devnull, os.O_WRONLY), 1)",
            "os.close(1); os.close(2)",
        ],
    )
    def test_whatever_one_does_to_the_descriptor(self, box: ProcessBox, code: str) -> None:
        told = self._told(box, code)
        assert told[:2] == ["said 1\n", "said 2\n"]

    @pytest.mark.parametrize("code", ["sys.stdout.close()", "sys.stdout.detach()"])
    def test_who_cannot_print_any_more_raises_in_his_own_calls(self, box: ProcessBox, code: str) -> None:
        replies = _ask(_loaded(box, f"{TWICE}def g(): {code}\n"), *CALLS)
        assert [type(reply) for reply in replies] == [Delivered] * 5
        assert [reply.printed for reply in replies[:2]] == ["said 1\n", "said 2\n"]
        assert [reply.letter[:3] for reply in replies[3:] if isinstance(reply, Delivered)] == [
            (letters.RAISED, number, "ValueError") for number in (4, 5)
        ]

    def test_a_pipe_of_ones_own_that_nobody_reads(self, box: ProcessBox) -> None:
        source = f"{TWICE}def g(): os.dup2(os.pipe()[1], 1)\n"
        replies = _ask(_loaded(box, source), *CALLS, *(("f", 1) for _ in range(20_000)), seconds=1.0)
        assert _values(replies)[:2] == [2, 4]
        assert isinstance(replies[-1], Overdue)


class TestScratch:
    """Its size is looked at after each call: who has written too much is to be known."""

    CODE = (
        "import os\ndef put(name, size):\n    with open(name, 'wb') as file: file.write(bytes(size))\n"
        "def f(x):\n    put(str(x), 1000)\n    return os.getcwd() != '/'\n"
        "def g():\n    for name in 'abc': put(name, 600_000)\n"
    )

    def test_the_one_that_overflows_it_pays(self, box: ProcessBox) -> None:
        replies = _ask(_loaded(box, self.CODE, Needs(512, 60, scratch_mb=1)), *CALLS)
        assert [type(reply) for reply in replies] == [Delivered, Delivered, Noise]
        assert isinstance(replies[-1], Noise)
        assert replies[-1].reason == "it has written more than its scratch folder may hold"

    def test_who_keeps_within_it_is_answered_to_the_end(self, box: ProcessBox) -> None:
        replies = _ask(
            _loaded(box, self.CODE, Needs(512, 60, scratch_mb=1)), *(("f", number) for number in range(5))
        )
        assert _values(replies) == [True] * 5

    def test_the_deadline_is_kept_there_too(self, box: ProcessBox) -> None:
        start = time.monotonic()
        worker = _loaded(box, "import time\ndef f(x): time.sleep(0.4)\n", Needs(512, 60, scratch_mb=1))
        replies = _ask(worker, *(("f", 1) for _ in range(9)), deadline=1.0)
        assert isinstance(replies[-1], Overdue)
        assert time.monotonic() - start < LONG / 2


def test_answers_are_not_gathered_before_they_are_looked_at(box: ProcessBox) -> None:
    # 4 MiB each, and each is held more than once while it comes.
    source = "import numpy as np\ndef f(x): return np.zeros(4 << 17)\n"
    many = _letters(*[("f", number) for number in range(40)])
    tracemalloc.start()
    try:
        with contextlib.closing(_loaded(box, source)) as worker:
            sizes = [
                reply.letter[2].nbytes if isinstance(reply, Delivered) else reply
                for reply in worker.ask_all(many, LONG, time.monotonic() + LONG, [None] * len(many))
            ]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sizes == [4 << 20] * 40
    assert peak < 60 << 20


def test_what_was_foreseen_is_not_decoded(box: ProcessBox) -> None:
    source = "def f(x):\n    print('said')\n    return x\n"
    answers = [seal((letters.RETURNED, number, value, [])) for number, value in ((1, 1.0), (2, 5.0), (2, 3.0))]
    with contextlib.closing(_loaded(box, source)) as worker:
        questions = _letters(("f", 1.0), ("f", 2.0), ("f", 3.0))
        first, second, third = worker.ask_all(questions, LONG, time.monotonic() + LONG, answers)
    assert isinstance(first, Foreseen)
    assert (first.printed, 0 <= first.seconds < LONG) == ("said\n", True)
    assert [reply.letter if isinstance(reply, Delivered) else None for reply in (second, third)] == [
        (letters.RETURNED, 2, 2.0, []),
        (letters.RETURNED, 3, 3.0, []),
    ]


def test_many_large_letters_come_as_they_are(box: ProcessBox) -> None:
    with contextlib.closing(_loaded(box, "def f(x): return x[0]\n")) as worker:
        questions = [encode((letters.CALL, number, "f", [np.full(1 << 18, number)], [])) for number in range(4)]
        replies = list(worker.ask_all(questions, LONG, time.monotonic() + LONG, [None] * 4))
    assert [reply.letter[2] for reply in replies if isinstance(reply, Delivered)] == [0, 1, 2, 3]


class TestGettingReady:
    def test_many_letters_may_be_the_first(self, box: ProcessBox) -> None:
        with contextlib.closing(box.start(NEEDS)) as worker:
            load = encode((letters.LOAD, {"a.py": TWICE.encode()}, "a.py", letters.WHOLE_FILE))
            replies = list(worker.ask_all([load, *_letters(("f", 4))], LONG, time.monotonic() + LONG, [None] * 2))
        assert [type(reply) for reply in replies] == [Delivered, Delivered]
        assert [reply.printed for reply in replies] == ["", "said 4\n"]

    def test_a_wall_that_does_not_stand_is_the_hosts_fault_then_too(self, box: ProcessBox) -> None:
        worker = box.start(Needs(512, 30, scratch_mb=1))
        assert worker._scratch is not None
        worker._scratch.remove()
        with pytest.raises(HostError, match="does not stand"):
            list(worker.ask_all(_letters(("f", 1)), LONG, time.monotonic() + LONG, [None]))
        assert not box._uids

    @pytest.mark.skipif(sys.platform != "linux", reason="another way to end")
    def test_one_that_has_ended_by_itself_is_not_lost(self, box: ProcessBox) -> None:
        (reply,) = _ask(_loaded(box, "import os\ndef f(): os.kill(os.getpid(), 9)\n"), ("f",))
        assert reply == Gone(-9, reply.seconds, "", lost=False)


def test_ended_twice_is_no_trouble(box: ProcessBox) -> None:
    worker = _loaded(box, TWICE)
    for _ in range(2):
        worker.close()
    with pytest.raises(ProcessLookupError):
        os.kill(worker.pid, 0)


def test_what_is_too_much_in_a_bundle_is_sent_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_payloads: object) -> bytes:
        raise WireError("the value takes more than 16777216 bytes")

    monkeypatch.setattr(process_worker, "bundle", refused)
    assert process_worker._framed([b"one", b"two"]) == frame(b"one") + frame(b"two")
