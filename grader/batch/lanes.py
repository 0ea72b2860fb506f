"""Lanes: processes of this machine that grade side by side, forked with plan and key in their memory.

Theory of operation: the parent forks one process for each lane once the rubric is compiled. A lane reads the
number of a task from its pipe, grades it in a box of its own and writes the report back; it never touches the
results folder. The parent hands out tasks, one at a time to each lane, and takes in what comes: one ahead would be
no faster, and would wait for an endless loop to be ended. A lane that dies takes with it what it was grading:
another lane is forked and the submission tried again, `ATTEMPTS` times. Lanes die with the parent.
"""

from __future__ import annotations

import collections
import contextlib
import functools
import os
import select
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NoReturn

from grader.batch.engine import ATTEMPTS, Finished, Grade, Task
from grader.errors import HostError
from grader.wire import FrameReader, decode, encode, frame
from grader.worker.wall.process import die_with

_BROKEN = "broken"
_TICK_SECONDS = 0.2
_CHUNK = 1 << 16
_IN_VAIN = 10
"""How many lanes, for each that is wanted, may die one after the other before they are given anything."""
_SIGNALS = tuple(
    signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if name in signal.Signals.__members__
)


@dataclass(slots=True)
class _Lane:
    """One process, and the number of the task that it has been given."""

    pid: int
    requests: int
    answers: int
    reader: FrameReader = field(default_factory=FrameReader)
    given: int | None = None


class LaneEngine:
    """Grades in forked processes.

    Args:
        count: how many lanes.
        equip: entered before a lane is forked, and left in this process once it is; gives what the lane calls at
            its start, which returns what grades one submission there.
        give_up: makes the report of a submission that has taken `ATTEMPTS` lanes down.
    """

    def __init__(
        self,
        count: int,
        equip: Callable[[], AbstractContextManager[Callable[[], Grade]]],
        give_up: Callable[[Task, str], Finished],
    ) -> None:
        self._count, self._equip, self._give_up = count, equip, give_up
        self._lanes: list[_Lane] = []
        self._tasks: list[Task] = []
        self._in_vain = 0

    def run(self, tasks: Iterable[Task]) -> Iterator[Finished | None]:
        """Yield each submission as it is finished, and None when nothing has happened for a moment."""
        self._tasks = list(tasks)
        waiting = collections.deque(range(len(self._tasks)))
        attempts: collections.Counter[int] = collections.Counter()
        left = len(self._tasks)
        for _ in range(min(self._count, left)):
            self._lanes.append(self._start())
        while left:
            for lane in self._lanes:
                self._hand_out(lane, waiting)
            ready, _, _ = select.select([lane.answers for lane in self._lanes], [], [], _TICK_SECONDS)
            if not ready:
                yield None
            for lane in [lane for lane in self._lanes if lane.answers in ready]:
                finished = self._take_in(lane, waiting, attempts)
                left -= len(finished)
                yield from finished

    def running(self) -> list[str]:
        """Return the ids of the submissions that are being graded now."""
        return [self._tasks[lane.given].id for lane in self._lanes if lane.given is not None]

    def close(self) -> None:
        """Kill every lane; its workers die with it."""
        while self._lanes:
            self._end(self._lanes.pop())

    def _hand_out(self, lane: _Lane, waiting: collections.deque[int]) -> None:
        if waiting and lane.given is None:
            # A lane that has just died is noticed by its answers' end, and costs no submission an attempt.
            with contextlib.suppress(BrokenPipeError):
                os.write(lane.requests, frame(encode(waiting[0])))
                lane.given = waiting.popleft()

    def _take_in(
        self, lane: _Lane, waiting: collections.deque[int], attempts: collections.Counter[int]
    ) -> list[Finished]:
        data = os.read(lane.answers, _CHUNK)
        if not data:
            return self._replace(lane, waiting, attempts)
        finished = []
        for payload in lane.reader.feed(data):
            number, report, status, problem = decode(payload)
            if status == _BROKEN:
                raise HostError(problem)
            lane.given = None
            finished.append(Finished(self._tasks[number], report, status, problem))
        return finished

    def _replace(
        self, lane: _Lane, waiting: collections.deque[int], attempts: collections.Counter[int]
    ) -> list[Finished]:
        """Start another lane in the place of one that has died, and say what becomes of its submissions."""
        self._lanes.remove(lane)
        how = self._end(lane)
        set_aside = []
        number = lane.given
        if number is None and waiting:
            self._in_vain += 1
            if self._in_vain > _IN_VAIN * self._count:
                raise HostError(f"grading processes end as soon as they are started ({how})")
        if number is not None:
            self._in_vain = 0
            attempts[number] += 1
            if attempts[number] < ATTEMPTS:
                waiting.append(number)
            else:
                task = self._tasks[number]
                set_aside.append(self._give_up(task, f"its grading process was ended {ATTEMPTS} times ({how})"))
        if waiting:
            self._lanes.append(self._start())
        return set_aside

    def _start(self) -> _Lane:
        with self._equip() as prepare:
            return self._forked(prepare)

    def _forked(self, prepare: Callable[[], Grade]) -> _Lane:
        if sys.platform == "win32":
            raise HostError("submissions are graded side by side where processes can be forked")
        requests_end, requests = os.pipe()
        answers, answers_end = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        # A signal that comes between the fork and the lane's own handlers would make it a second parent.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            pid = os.fork()
            if not pid:
                others = [end for lane in self._lanes for end in (lane.requests, lane.answers)]
                work = functools.partial(_answer, prepare, self._tasks, requests_end, answers_end)
                _serve(work, [requests, answers, *others], parent)
        except OSError as error:
            raise HostError(f"cannot start a grading process: {error.strerror}") from error
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(requests_end)
        os.close(answers_end)
        return _Lane(pid, requests, answers)

    @staticmethod
    def _end(lane: _Lane) -> str:
        """Kill a lane, if it is still there, and say how it ended."""
        if sys.platform == "win32":
            return "nothing was started"
        with contextlib.suppress(ProcessLookupError):
            os.kill(lane.pid, signal.SIGKILL)
        _, status = os.waitpid(lane.pid, 0)
        os.close(lane.requests)
        os.close(lane.answers)
        code = os.waitstatus_to_exitcode(status)
        return f"exit status {code}" if code >= 0 else f"signal {-code}"


def _serve(work: Callable[[], None], foreign: Iterable[int], parent: int) -> NoReturn:
    """Be a lane until the parent closes its end.

    Args:
        work: what a lane does.
        foreign: the parent's descriptors. Held open here, the end of another lane's pipe would hide that the
            parent has closed its own.
        parent: its process id.
    """
    status = 1
    try:
        for descriptor in foreign:
            os.close(descriptor)
        # Ctrl-C goes to everything in the terminal; the parent decides what it means.
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        die_with(parent)
        work()
        status = 0
    except Exception:  # noqa: BLE001  (said here, since nothing of this process's is to go on)
        traceback.print_exc()
    finally:
        # No exit handler and no buffer of the parent's is this process's to finish.
        os._exit(status)


def _answer(prepare: Callable[[], Grade], tasks: Sequence[Task], requests: int, answers: int) -> None:
    try:
        grade_one = prepare()
    except HostError as error:
        _write(answers, frame(encode((-1, "", _BROKEN, str(error)))))
        return
    reader = FrameReader()
    while data := os.read(requests, _CHUNK):
        for payload in reader.feed(data):
            number = decode(payload)
            finished = grade_one(tasks[number])
            _write(answers, frame(encode((number, finished.report, finished.status, finished.problem))))


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
