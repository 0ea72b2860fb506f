from __future__ import annotations

import errno
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

import pytest
import typer

from grader.cli import running
from grader.cli.running import finish
from grader.errors import GraderError, HostError, UserError


@pytest.fixture(autouse=True)
def _restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    streams = (sys.stdout, sys.stderr)
    opened: list[TextIO] = []
    nowhere = running._nowhere

    def recorded() -> TextIO:
        opened.append(nowhere())
        return opened[-1]

    monkeypatch.setattr(running, "_nowhere", recorded)
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)
    sys.stdout, sys.stderr = streams
    for stream in opened:
        stream.close()


def _status(work: Callable[[], int]) -> int:
    with pytest.raises(typer.Exit) as caught:
        finish("grade", work)
    return caught.value.exit_code


def _raises(error: BaseException) -> Callable[[], int]:
    def work() -> int:
        raise error

    return work


@pytest.mark.parametrize("status", [0, 1])
def test_the_status_is_the_works(status: int) -> None:
    assert _status(lambda: status) == status


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (GraderError("a mistake"), 2, "grade: a mistake\n"),
        (UserError("a mistake"), 2, "grade: a mistake\n"),
        (HostError("no process"), 3, "grade: no process\n"),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            3,
            "grade: there is no space left for what is printed\n",
        ),
        (
            OSError(errno.EMFILE, "Too many open files"),
            3,
            "grade: this process may not open enough files; allow it 64 or more, as `ulimit -n 64` does\n",
        ),
        (KeyboardInterrupt(), 130, "grade: interrupted\n"),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_a_fault_is_one_line_and_a_status(
    error: BaseException, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _status(_raises(error)) == status
    assert capsys.readouterr() == ("", said)


def test_a_mistake_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        finish("grade", _raises(ZeroDivisionError()))


def test_termination_unwinds_what_was_started(capsys: pytest.CaptureFixture[str]) -> None:
    ended = []

    def work() -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()
        finally:
            # Whoever asks twice gets the same end.
            os.kill(os.getpid(), signal.SIGTERM)
            ended.append(True)
        return 0

    assert _status(work) == 143
    assert ended
    assert capsys.readouterr().err == "grade: terminated\n"


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("ascii", b"##++.. 2/4 > - ??"),
        ("cp1252", b"##++.. 2/4 > \xb7 \xfc?"),
        ("cp437", "██▒▒░░ 2/4 > · ü?".encode("cp437")),
    ],
)
def test_a_character_that_the_terminal_lacks_costs_nothing(
    encoding: str, written: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", terminal)
    assert _status(lambda: int(not sys.stdout.write("██▒▒░░ 2/4 → · ü中"))) == 0
    assert terminal.buffer.getvalue() == written
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("ascii", errors="plainer")


def test_streams_that_cannot_be_reconfigured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert _status(lambda: int(not sys.stdout.write("x"))) == 0


def test_closed_streams_lead_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    opened = iter([0, 2, 3])
    closed: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", lambda *_: next(opened))
        patch.setattr(os, "close", closed.append)
        assert _status(lambda: int(not sys.stdout.write("x"))) == 0
    assert closed == [3]
