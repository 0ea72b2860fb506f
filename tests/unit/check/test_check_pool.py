from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.check import pool
from grader.check.impostors import submission
from grader.check.pool import Setup, run_all, serve
from grader.check.subject import Subject
from grader.check.tasks import Compiled, Graded, Task
from grader.errors import HostError


@pytest.fixture
def tasks(subject: Subject) -> list[Task]:
    reference = submission("reference", subject.reference.source)
    return [Compiled(subject.file), Graded(reference), Graded(submission("nothing", b""))]


class _Connection:
    """The helper's end of a pipe that is closed once all has been sent."""

    def __init__(self, *items: Any) -> None:
        self._items: Iterator[Any] = iter(items)
        self.sent: list[Any] = []

    def recv(self) -> Any:
        for item in self._items:
            return item
        raise EOFError

    def send(self, item: Any) -> None:
        self.sent.append(item)


@pytest.fixture
def _restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pool, "close_to_tracers", lambda: None)
    handler = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, handler)


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_tasks_order(setup: Setup, subject: Subject, tasks: list[Task], jobs: int) -> None:
    told: list[tuple[int, int]] = []
    digests, report, nothing = run_all(setup, tasks, jobs, lambda done, total: told.append((done, total)))
    assert digests == (subject.exam.plan.digest, subject.exam.key.digest)
    assert (report.score, nothing.score) == (2, 0)
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_helper_s_fault_is_the_machine_s(setup: Setup, tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"gone\.yaml"):
        run_all(setup, [Compiled(tmp_path / "gone.yaml")], 2, lambda _done, _total: None)


def test_a_helper_that_ends(setup: Setup, monkeypatch: pytest.MonkeyPatch, tasks: list[Task]) -> None:
    monkeypatch.setattr(pool, "serve", _leave)
    with pytest.raises(HostError, match="has ended"):
        run_all(setup, tasks, 2, lambda _done, _total: None)


def _leave(*_: object) -> None:
    raise SystemExit


class _Broken(_Connection):
    def send(self, item: Any) -> None:
        raise BrokenPipeError(item)


def test_a_broken_pipe_is_not_taken_for_standard_output_s() -> None:
    with pytest.raises(HostError, match="has ended"):
        pool._send(_Broken(), (0, Compiled(Path())))  # type: ignore[arg-type]


@pytest.mark.usefixtures("_restored")
def test_a_helper_serves_until_its_pipe_is_closed(setup: Setup, tasks: list[Task], tmp_path: Path) -> None:
    connection = _Connection((7, tasks[2]), (8, Compiled(tmp_path / "gone.yaml")))
    serve(setup, connection)  # type: ignore[arg-type]
    (first, report, fault), (second, nothing, said) = connection.sent
    assert (first, report.score, fault) == (7, 0, "")
    assert (second, nothing) == (8, None)
    assert "gone.yaml" in said
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_takes_effect_once_a_helper_is_started(number: signal.Signals) -> None:
    said: list[str] = []

    def end(_number: int, _frame: object) -> None:
        said.append("ended")

    before = signal.signal(number, end)
    try:
        with pool._deferred():
            signal.raise_signal(number)
            said.append("started")
        assert said == ["started", "ended"]
        assert signal.getsignal(number) is end
    finally:
        signal.signal(number, before)
