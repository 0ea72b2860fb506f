"""The limit on the time of the course's own code."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable

import pytest

from grader import deadline
from grader.deadline import OverdueError, at_most, patience

LONG = 20.0


def _in_a_thread(work: Callable[[], None]) -> None:
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  (raised again below)
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


def _here(work: Callable[[], None]) -> None:
    work()


@pytest.fixture(params=[_here, _in_a_thread])
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    monkeypatch.setattr(deadline, "_AGAIN_SECONDS", 0.02)
    chosen: Callable[[Callable[[], None]], None] = request.param
    return chosen


def _spin() -> None:
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        pass


def _limited(seconds: float, work: Callable[[], None]) -> Callable[[], None]:
    def limited() -> None:
        with at_most(seconds):
            work()

    return limited


def test_what_takes_longer_is_ended(run: Callable[[Callable[[], None]], None]) -> None:
    start = time.monotonic()
    with pytest.raises(OverdueError, match=r"no end within 0\.05 s"):
        run(_limited(0.05, _spin))
    assert time.monotonic() - start < LONG / 2


def test_what_comes_to_its_end_goes_on_as_if_nothing_were(run: Callable[[Callable[[], None]], None]) -> None:
    def work() -> None:
        for _ in range(100):
            with at_most(LONG):
                done.append(threading.active_count())

    before = threading.active_count()
    done: list[int] = []
    run(work)
    assert len(done) == 100
    assert max(done) <= before + 2
    assert threading.active_count() == before


def test_who_swallows_one_is_sent_another(run: Callable[[Callable[[], None]], None]) -> None:
    def stubborn() -> None:
        with contextlib.suppress(BaseException):
            _spin()
        _spin()

    start = time.monotonic()
    with pytest.raises(OverdueError):
        run(_limited(0.05, stubborn))
    assert time.monotonic() - start < LONG / 2


def test_one_within_another_takes_nothing_from_it(run: Callable[[Callable[[], None]], None]) -> None:
    def both() -> None:
        with at_most(LONG):
            pass
        with pytest.raises(OverdueError, match=r"within 0\.02 s"), at_most(0.02):
            _spin()
        _spin()

    with pytest.raises(OverdueError, match=r"within 0\.2 s"):
        run(_limited(0.2, both))


def test_an_exception_passes_and_the_timer_is_put_back() -> None:
    handler = signal.getsignal(signal.SIGALRM)
    with pytest.raises(KeyError), at_most(LONG):
        raise KeyError
    assert signal.getsignal(signal.SIGALRM) is handler
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.parametrize(("seconds", "allowed"), [(0.1, 10), (2, 10), (5, 15), (100, 300)])
def test_the_courses_own_code_has_more_than_a_students(seconds: float, allowed: float) -> None:
    assert patience(seconds) == allowed
