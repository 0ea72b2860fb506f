from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError

import pytest

from grader import __version__
from grader.cli import doctor
from grader.cli.doctor import examine
from grader.errors import HostError
from grader.sandbox import Box, Layer, ProcessBox, canaries
from grader.sandbox.process_worker import ProcessWorker
from grader.worker.wall.layers import OPEN_WITHOUT


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keep the tests' own process as open as it is, and note when it was to be closed."""
    found: list[str] = []
    monkeypatch.setattr(doctor, "close_to_tracers", lambda: found.append("closed"))
    monkeypatch.setenv("COLUMNS", "160")
    return found


def _lines(text: str) -> dict[str, str]:
    return {line.strip().partition("  ")[0]: line for line in text.splitlines()}


def test_it_tells_what_works(capsys: pytest.CaptureFixture[str], closed: list[str]) -> None:
    assert examine() == 0
    lines = _lines(capsys.readouterr().out)
    assert __version__ in lines["grader"]
    assert sys.platform in lines["Python"]
    assert set(OPEN_WITHOUT) <= set(lines)
    assert {"read a file", "fork", "start a thread", "more memory than allowed"} <= set(lines)
    assert closed == ["closed"]


def test_each_layer_says_what_it_does_or_what_stays_open(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    layers = (
        Layer("landlock", in_force=True, detail="ABI 6"),
        Layer("seccomp", in_force=False, detail="no filters here"),
        Layer("parent", in_force=False, detail="no tie; instead, a job", replaced=True),
    )
    attempts = (
        canaries.Attempt("read a file", held=True, detail="refused", layers=("landlock",)),
        canaries.Attempt("fork", held=False, detail="process 7", layers=("seccomp",)),
    )

    def judge(box: Box) -> tuple[canaries.Attempt, ...]:
        assert isinstance(box, ProcessBox)
        return attempts

    monkeypatch.setattr(canaries, "judge", judge)
    monkeypatch.setattr(ProcessBox, "layers", lambda _: layers)
    assert examine() == 0
    shown = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["landlock", "yes", "yes", "ABI", "6"] in shown
    assert ["read", "a", "file", "yes", "refused"] in shown
    assert ["fork", "NO", "process", "7"] in shown
    assert ["parent", "yes", "no", "no", "tie;", "instead,", "a", "job"] in shown
    (seccomp,) = (" ".join(words) for words in shown if words[:1] == ["seccomp"])
    assert seccomp.startswith(f"seccomp yes no no filters here. Open: {OPEN_WITHOUT['seccomp'][:40]}")


def test_a_package_that_is_missing_is_said_to_be(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "version", missing)
    examine()
    assert "not installed" in capsys.readouterr().out


def test_a_call_that_does_not_come_back_is_the_hosts_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canaries, "_GOOD", b"def double(x): return 3 * x")
    with pytest.raises(HostError, match="does not come back"):
        examine()


def test_so_is_a_worker_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise HostError("does not start")

    monkeypatch.setattr(ProcessWorker, "ask", refuse)
    with pytest.raises(HostError, match="does not start"):
        examine()


def test_so_is_a_wall_that_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    claimed = tuple(Layer(name, in_force=True, detail="") for name in OPEN_WITHOUT)
    monkeypatch.setattr(doctor, "ProcessBox", lambda: ProcessBox("off"))
    monkeypatch.setattr(ProcessBox, "layers", lambda _: claimed)
    with pytest.raises(HostError, match="the sandbox does not hold: "):
        examine()
