from __future__ import annotations

from importlib.metadata import PackageNotFoundError

import pytest

from grader import __version__
from grader.cli import doctor
from grader.cli.doctor import examine
from grader.errors import HostError
from grader.sandbox.process import ProcessWorker


def test_it_tells_what_works(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert examine() == 0
    lines = {line.strip().partition("  ")[0]: line for line in capsys.readouterr().out.splitlines()}
    assert __version__ in lines["grader"]
    assert "works" in lines["sandboxed call"]
    assert any(name.startswith("isolation: ") for name in lines)


def test_a_package_that_is_missing_is_said_to_be(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "version", missing)
    examine()
    assert "not installed" in capsys.readouterr().out


def test_a_call_that_does_not_come_back_is_the_hosts_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_PROBE", b"def double(x): return 3 * x")
    with pytest.raises(HostError, match="does not come back"):
        examine()


def test_so_is_a_worker_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise HostError("does not start")

    monkeypatch.setattr(ProcessWorker, "ask", refuse)
    with pytest.raises(HostError, match="does not start"):
        examine()
