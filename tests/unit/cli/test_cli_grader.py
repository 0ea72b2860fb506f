from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from grader.cli import doctor, grader
from grader.cli.schema import schema_text


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)


@pytest.mark.parametrize("name", ["rubric", "report"])
def test_schema(name: str) -> None:
    result = CliRunner().invoke(grader.app, ["schema", name])
    assert (result.exit_code, result.output) == (0, schema_text(name))


def test_a_schema_that_there_is_not() -> None:
    result = CliRunner().invoke(grader.app, ["schema", "world"])
    assert result.exit_code == 2


def test_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: 3)
    assert CliRunner().invoke(grader.app, ["doctor"]).exit_code == 3


def test_without_a_command_it_says_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["grader"])
    with pytest.raises(SystemExit) as caught:
        grader.main()
    assert caught.value.code in {0, 2}


def test_help_names_every_command() -> None:
    output = CliRunner().invoke(grader.app, ["--help"]).output
    assert "schema" in output
    assert "doctor" in output
