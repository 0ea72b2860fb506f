"""What is left when the grading in a container ends as it should not."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from container_folder import GOOD, Container

from grader.cli import autograder
from grader.key import Compilation, compile_rubric
from grader.rubric import load_rubric


@pytest.fixture(scope="module")
def compiled(make_small: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Compilation:
    file = make_small(tmp_path_factory.mktemp("exam")) / "rubrics" / "small.yaml"
    return compile_rubric(load_rubric(file), file.parent)


@pytest.fixture
def made(tmp_path: Path, compiled: Compilation, monkeypatch: pytest.MonkeyPatch) -> Container:
    monkeypatch.setattr(autograder, "close_to_tracers", lambda: None)
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(signal, "signal", lambda *_: before)
    return Container(tmp_path / "autograder", compiled)


@pytest.mark.parametrize(
    "error", [ValueError("oops"), MemoryError(), OSError(28, "No space left on device"), KeyError()]
)
def test_a_fault_of_our_own_leaves_valid_results(
    made: Container, error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr("grader.cli.container.grade", broken)
    made.hand_in(homework=GOOD)
    assert made.run() == (3 if isinstance(error, OSError) else 1)
    assert "Tell course staff" in str(made.results().output)
    assert "autograder: status" in capsys.readouterr().out


def test_sigterm_leaves_what_is_known(made: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(*_: object) -> NoReturn:
        autograder._terminate(15, None)
        raise AssertionError

    monkeypatch.setattr("grader.cli.container.grade", ended)
    made.hand_in(homework=GOOD)
    assert made.run() == autograder.TERMINATED
    assert list(made.tests()) == ["Not graded"]


def test_results_that_cannot_be_written_are_told_to_staff(
    made: Container, capsys: pytest.CaptureFixture[str]
) -> None:
    (made.root / "results").rmdir()
    (made.root / "results").write_text("")
    made.hand_in(homework=GOOD)
    assert made.run() == 2
    assert "autograder: status 2" in capsys.readouterr().out
