from __future__ import annotations

import functools
import io
import re

import pytest
from rich.console import Console

from grader.batch import Progress
from grader.cli import progress as module
from grader.cli.progress import Display


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """Seconds that pass when they are told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("time.monotonic", made)
    return made


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    made = Screen()
    monkeypatch.setattr(module, "Console", functools.partial(Console, file=made))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    return made


def test_a_bar_with_rate_and_names(screen: Screen, clock: Clock) -> None:
    progress = Progress(total=10, kept=2)
    with Display(progress) as display:
        clock.now += 2
        progress.finished, progress.running = 3, ["anna", "bob\x1b[31m", "[red]carol", "dora"]
        display.update()
    drawn = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
    assert re.search(r"Grading .* 5/10 1\.5/s [-0-9:]+ anna, bob\\x1b\[31m, \[red\]carol", drawn)
    assert "dora" not in drawn


@pytest.mark.parametrize(("width", "drawn"), [("20", True), ("19", False)])
def test_none_where_it_does_not_fit(
    screen: Screen, clock: Clock, monkeypatch: pytest.MonkeyPatch, width: str, *, drawn: bool
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    with Display(Progress(total=10)) as display:
        display.update()
    assert bool(screen.getvalue()) == drawn


def test_lines_now_and_then_elsewhere(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(total=10, kept=2)
    with Display(progress) as display:
        display.update()
        clock.now += 5
        display.update()
        progress.finished = 4
        clock.now += 4.9
        display.update()
        clock.now += 0.1
        display.update()
    assert capsys.readouterr().err.splitlines() == [
        "grade: 2 of 10 graded, 0.0/s",
        "grade: 6 of 10 graded, 0.4/s, 10 s left",
    ]
