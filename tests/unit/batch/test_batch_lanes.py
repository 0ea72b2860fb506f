from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.batch import lanes as module
from grader.batch.engine import Finished, Grade, Task
from grader.batch.lanes import LaneEngine
from grader.errors import HostError
from grader.wire import FrameReader, decode, encode, frame

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="lanes are forked"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]
GiveUp = Callable[[Task, str], Finished]
Make = Callable[..., LaneEngine]


@pytest.fixture
def make(give_up: GiveUp) -> Iterator[Make]:
    """Return what makes an engine whose lanes do this to each task; it is closed at the end."""
    made: list[LaneEngine] = []

    def engine(work: Callable[[Task], object], count: int = 2) -> LaneEngine:
        def grade_one(task: Task) -> Finished:
            return Finished(task, str(work(task)), "graded")

        made.append(LaneEngine(count, lambda: contextlib.nullcontext(lambda: grade_one), give_up))
        return made[-1]

    yield engine
    for one in made:
        one.close()


def results(engine: LaneEngine, tasks: list[Task]) -> dict[str, Finished]:
    found = [finished for finished in engine.run(tasks) if finished is not None]
    assert len({finished.task.id for finished in found}) == len(found)
    return {finished.task.id: finished for finished in found}


def test_each_is_graded_once_in_other_processes(make: Make, tasks: list[Task]) -> None:
    engine = make(lambda task: f"{task.id} in {os.getpid()}")
    found = results(engine, tasks)
    assert {name: finished.report.split()[0] for name, finished in found.items()} == {name: name for name in found}
    assert len(found) == 4
    assert str(os.getpid()) not in {finished.report.split()[2] for finished in found.values()}
    assert len(engine._lanes) == 2
    assert engine.running() == []


def test_no_more_lanes_than_tasks_and_none_for_none(make: Make, tasks: list[Task]) -> None:
    engine = make(lambda task: task.id, count=5)
    assert results(engine, []) == {}
    assert len(results(engine, tasks[:1])) == 1
    assert len(engine._lanes) == 1


def test_an_answer_of_many_pieces(make: Make, tasks: list[Task]) -> None:
    found = results(make(lambda _: "x" * 300_000), tasks)
    assert {len(finished.report) for finished in found.values()} == {300_000}


def test_nobody_waits_behind_a_slow_one(make: Make, tasks: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TICK_SECONDS", 0.05)
    engine = make(lambda task: time.sleep(0.6 if task.id == "s0" else 0))
    seen = [(finished and finished.task.id, engine.running()) for finished in engine.run(tasks)]
    assert [name for name, _ in seen if name][-1] == "s0"
    assert (None, ["s0"]) in seen


def test_a_lane_that_dies_once_costs_nothing(make: Make, tasks: list[Task], tmp_path: Path) -> None:
    def work(task: Task) -> str:
        if task.id == "s1" and not (tmp_path / "died").exists():
            (tmp_path / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return task.id

    found = results(make(work), tasks)
    assert {finished.status for finished in found.values()} == {"graded"}
    assert len(found) == 4


@pytest.mark.parametrize("count", [1, 2])
def test_a_submission_that_takes_lanes_down_is_set_aside(make: Make, tasks: list[Task], count: int) -> None:
    found = results(make(lambda task: task.id != "s1" or os._exit(7), count), tasks)
    assert [name for name, finished in found.items() if finished.status != "graded"] == ["s1"]
    assert found["s1"].line == "s1: its grading process was ended 3 times (exit status 7)"
    assert len(found) == 4


def test_a_fault_in_the_grader_is_shown_and_set_aside(
    make: Make, tasks: list[Task], capfd: pytest.CaptureFixture[str]
) -> None:
    found = results(make(lambda _: 1 // 0), tasks[:1])
    assert found["s0"].status == "host_fault"
    assert capfd.readouterr().err.count("ZeroDivisionError") == 3


def test_where_no_lane_can_be_prepared_nothing_is_graded(tasks: list[Task], give_up: GiveUp) -> None:
    def prepare() -> Grade:
        raise HostError("there is no wall")

    engine = LaneEngine(2, lambda: contextlib.nullcontext(prepare), give_up)
    with pytest.raises(HostError, match="there is no wall"):
        list(engine.run(tasks))
    engine.close()
    assert engine._lanes == []


def test_a_lane_that_is_gone_before_it_is_asked_costs_no_attempt(make: Make, tasks: list[Task]) -> None:
    engine = make(lambda task: task.id, count=1)
    start = engine._start
    started: list[object] = []

    def dead_at_first() -> object:
        lane = start()
        if len(started) < 3:
            os.kill(lane.pid, signal.SIGKILL)
            os.waitid(os.P_PID, lane.pid, os.WEXITED | os.WNOWAIT)
        started.append(lane)
        return lane

    engine._start = dead_at_first  # type: ignore[method-assign,assignment]
    assert results(engine, tasks[:1])["s0"].status == "graded"
    assert len(started) == 4


def test_where_every_lane_dies_at_once_it_does_not_start_them_for_ever(make: Make, tasks: list[Task]) -> None:
    engine = make(lambda task: task.id)
    start = engine._start

    def dead() -> object:
        lane = start()
        os.kill(lane.pid, signal.SIGKILL)
        os.waitid(os.P_PID, lane.pid, os.WEXITED | os.WNOWAIT)
        return lane

    engine._start = dead  # type: ignore[method-assign,assignment]
    with pytest.raises(HostError, match=r"grading processes end as soon as they are started \(signal 9\)"):
        results(engine, tasks)
    assert len(engine._lanes) == 1


def test_no_lane_is_started_for_nothing(make: Make, tasks: list[Task]) -> None:
    engine = make(lambda task: time.sleep(0.4) if task.id == "s0" else task.id)
    running = engine.run(tasks[:2])
    first = next(finished for finished in running if finished is not None)
    assert first.task.id == "s1"
    idle = next(lane for lane in engine._lanes if lane.given is None)
    os.kill(idle.pid, signal.SIGKILL)
    assert [finished.task.id for finished in running if finished is not None] == ["s0"]
    assert len(engine._lanes) == 1


def test_where_nothing_can_be_forked(make: Make, tasks: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refused)
    with pytest.raises(HostError, match="cannot start a grading process: Resource temporarily"):
        list(make(lambda task: task.id).run(tasks))
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()


def test_ctrl_c_is_not_for_lanes(make: Make, tasks: list[Task]) -> None:
    def work(_: Task) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        return f"{signal.getsignal(signal.SIGTERM).name} {len(blocked)}"  # type: ignore[union-attr]

    assert results(make(work), tasks[:1])["s0"].report == "SIG_DFL 0"


def test_close_ends_them_all(make: Make, tasks: list[Task]) -> None:
    engine = make(lambda _: time.sleep(60))
    running = engine.run(tasks)
    assert next(running) is None
    pids = [lane.pid for lane in engine._lanes]
    engine.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="a death signal")
def test_a_lane_whose_parent_is_gone_ends(in_child: Callable[..., object]) -> None:
    def serve() -> int:
        pid = os.fork()
        if not pid:
            module._serve(lambda: None, [], parent=1 << 22)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    assert in_child(serve) == 1


@pytest.mark.parametrize(("fails", "status"), [(False, 0), (True, 1)])
def test_a_lane_has_handlers_of_its_own_and_none_of_its_parents_ends(
    in_child: Callable[[Callable[[], object]], object], *, fails: bool, status: int
) -> None:
    def serve() -> object:
        reading, writing = os.pipe()
        seen: list[object] = []

        def work() -> None:
            seen.append([signal.getsignal(number) for number in module._SIGNALS])
            if fails:
                raise ZeroDivisionError

        def leave(status: int) -> None:
            raise SystemExit(status)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "_exit", leave)
            with pytest.raises(SystemExit) as end:
                module._serve(work, [reading, writing], os.getppid())
        with pytest.raises(OSError, match="Bad file"):
            os.fstat(reading)
        return [*seen, end.value.code]

    assert in_child(serve) == [[signal.SIG_IGN, signal.SIG_DFL, signal.SIG_DFL], status]


def test_it_answers_until_its_requests_end(tmp_path: Path, tasks: list[Task]) -> None:
    requests_end, requests = os.pipe()
    answers, answers_end = os.pipe()
    for number in (1, 0):
        os.write(requests, frame(encode(number)))
    os.close(requests)
    module._answer(lambda: lambda task: Finished(task, "{}", "graded", task.id), tasks, requests_end, answers_end)
    os.close(answers_end)
    payloads = list(FrameReader().feed(os.read(answers, 1 << 16)))
    assert list(map(decode, payloads)) == [(1, "{}", "graded", "s1"), (0, "{}", "graded", "s0")]
    for descriptor in (requests_end, answers):
        os.close(descriptor)


def test_it_says_why_it_cannot_be_prepared(tasks: list[Task]) -> None:
    def prepare() -> Grade:
        raise HostError("there is no wall")

    answers, answers_end = os.pipe()
    module._answer(prepare, tasks, -1, answers_end)
    (payload,) = FrameReader().feed(os.read(answers, 1 << 16))
    assert decode(payload) == (-1, "", "broken", "there is no wall")
    os.close(answers)
    os.close(answers_end)
