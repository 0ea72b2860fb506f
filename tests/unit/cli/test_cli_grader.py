from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.cli import compare, doctor, grader
from grader.cli.schema import schema_text


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)


@pytest.mark.parametrize("name", ["rubric", "report", "check"])
def test_schema(name: str) -> None:
    result = CliRunner().invoke(grader.app, ["schema", name])
    assert (result.exit_code, result.output) == (0, schema_text(name))


def test_a_schema_that_there_is_not() -> None:
    result = CliRunner().invoke(grader.app, ["schema", "world"])
    assert result.exit_code == 2


def test_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: 3)
    assert CliRunner().invoke(grader.app, ["doctor"]).exit_code == 3


@pytest.mark.parametrize(("options", "form"), [([], "table"), (["--csv"], "csv"), (["--json"], "json")])
def test_compare(monkeypatch: pytest.MonkeyPatch, options: list[str], form: str) -> None:
    asked: list[compare.Request] = []

    def compare_results(request: compare.Request) -> int:
        asked.append(request)
        return 1

    monkeypatch.setattr(compare, "compare_results", compare_results)
    assert CliRunner().invoke(grader.app, ["compare", "a", "b", *options]).exit_code == 1
    assert [(request.old, request.new, request.form) for request in asked] == [(Path("a"), Path("b"), form)]


def test_compare_prints_one_form() -> None:
    assert CliRunner().invoke(grader.app, ["compare", "a", "b", "--csv", "--json"]).exit_code == 2


def test_without_a_command_it_says_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["grader"])
    with pytest.raises(SystemExit) as caught:
        grader.main()
    assert caught.value.code in {0, 2}


def test_help_names_every_command() -> None:
    output = CliRunner().invoke(grader.app, ["--help"]).output
    assert "schema" in output
    assert "doctor" in output
    assert "check" in output
    assert "compare" in output
