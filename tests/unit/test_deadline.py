"""The limit on the time of the course's own code."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader import deadline
from grader.deadline import OverdueError, patience, within

LONG = 20.0

Runs = Callable[[Callable[[], Any]], Any]


def _here(work: Callable[[], Any]) -> Any:
    return work()


def _in_a_thread(work: Callable[[], Any]) -> Any:
    """Do it on another thread, as a cluster's workers do."""
    came: list[Any] = []

    def run() -> None:
        try:
            came.append((work(), None))
        except BaseException as error:  # noqa: BLE001  (raised again below)
            came.append((None, error))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    value, error = came[0]
    if error is not None:
        raise error
    return value


@pytest.fixture(params=[_here, _in_a_thread])
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runs]:
    """Where it is done; whatever it was, in the end no thread and no timer is left."""
    monkeypatch.setattr(deadline, "_AGAIN_SECONDS", 0.05)
    threads = threading.active_count()
    yield request.param
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    end = time.monotonic() + LONG
    while threading.active_count() > threads and time.monotonic() < end:
        time.sleep(0.01)
    assert threading.active_count() == threads


def _spin() -> None:
    end = time.monotonic() + 2 * LONG
    while time.monotonic() < end:
        pass


def test_what_takes_longer_is_ended(run: Runs) -> None:
    start = time.monotonic()
    with pytest.raises(OverdueError, match=r"no end within 0\.05 s"):
        run(lambda: within(0.05, _spin))
    assert time.monotonic() - start < LONG


def test_what_comes_to_its_end_is_given_back(run: Runs) -> None:
    numbers = iter(range(20))
    assert run(lambda: [within(LONG, lambda: next(numbers)) for _ in range(20)]) == [*range(20)]


def test_an_exception_is_the_works_own(run: Runs) -> None:
    with pytest.raises(ZeroDivisionError):
        run(lambda: within(LONG, lambda: 1 // 0))


def test_who_swallows_one_is_sent_another(run: Runs) -> None:
    def stubborn() -> None:
        with contextlib.suppress(BaseException):
            _spin()
        _spin()

    with pytest.raises(OverdueError):
        run(lambda: within(0.05, stubborn))


def test_how_numpy_takes_a_division_by_zero_holds_for_the_work(run: Runs) -> None:
    def divided() -> Any:
        with np.errstate(divide="raise"):
            return within(LONG, lambda: np.ones(2) / np.zeros(2))

    with pytest.raises(FloatingPointError):
        run(divided)


def test_the_timers_handler_is_put_back() -> None:
    handler = signal.getsignal(signal.SIGALRM)
    with pytest.raises(KeyError):
        within(LONG, lambda: dict[str, int]()["nothing"])
    assert signal.getsignal(signal.SIGALRM) is handler


def test_a_bell_that_rings_after_the_work_is_heard_by_nobody() -> None:
    # As if it rang in the step that stops the timer: what tells is the file that the step is of.
    scope: dict[str, Any] = {"signal": signal}
    source = "def late(): signal.raise_signal(signal.SIGALRM)"
    exec(compile(source, str(deadline.__file__), "exec"), scope)
    assert within(LONG, scope["late"]) is None
    with pytest.raises(OverdueError):
        within(LONG, lambda: signal.raise_signal(signal.SIGALRM))


@pytest.mark.parametrize(("seconds", "allowed"), [(0.1, 10), (2, 10), (5, 15), (100, 300)])
def test_the_courses_own_code_has_more_than_a_students(seconds: float, allowed: float) -> None:
    assert patience(seconds) == allowed
