from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from grader.cli import grade, grading
from grader.cli.grading import Request
from grader.sandbox import Isolation


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    found: list[Request] = []

    def grade_files(request: Request) -> int:
        found.append(request)
        return 1

    monkeypatch.setattr(grading, "grade_files", grade_files)
    return found


def test_defaults(asked: list[Request]) -> None:
    assert CliRunner().invoke(grade.app, ["a.py"]).exit_code == 1
    assert asked == [Request((Path("a.py"),), None, Path("reports"), False, (), None, None, "auto")]


def test_every_option(asked: list[Request]) -> None:
    options = (
        "--rubric r.yaml --json --student --only 1A,,2B --fail-under 60 --limit-seconds 0.5 --isolation strict "
        "--out o -- -x.py b.py"
    )
    CliRunner().invoke(grade.app, options.split())
    files = (Path("-x.py"), Path("b.py"))
    assert asked == [Request(files, Path("r.yaml"), None, True, ("1A", "2B"), 60.0, 0.5, "strict")]


@pytest.mark.parametrize("name", get_args(Isolation))
def test_every_isolation_has_its_name(asked: list[Request], name: str) -> None:
    CliRunner().invoke(grade.app, ["a.py", "--isolation", name])
    assert [request.isolation for request in asked] == [name]
    assert len(grade.IsolationName) == len(get_args(Isolation))


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["a.py", "--fail-under", "101"],
        ["a.py", "--fail-under", "-1"],
        ["a.py", "--limit-seconds", "0"],
        ["a.py", "--limit-seconds", "x"],
        ["a.py", "--isolation", "none"],
        ["-x.py"],
        ["a.py", "--unknown"],
        ["a.py", "--only", ""],
        ["a.py", "--only", " ,"],
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_is_refused(asked: list[Request], options: list[str]) -> None:
    result = CliRunner().invoke(grade.app, options)
    assert result.exit_code == 2
    assert not asked


def test_help_shows_examples() -> None:
    result = CliRunner().invoke(grade.app, ["--help"])
    assert result.exit_code == 0
    assert "--only 1H,2A -- -odd.py" in result.output


def test_main_runs_the_command(asked: list[Request], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["grade", "a.py"])
    monkeypatch.setenv("PYDANTIC_DISABLE_PLUGINS", "")
    monkeypatch.setattr(gc, "disable", lambda: None)
    with pytest.raises(SystemExit) as caught:
        grade.main()
    assert caught.value.code == 1
    assert len(asked) == 1
