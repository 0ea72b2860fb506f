from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.check import CheckResult
from grader.cli import check
from grader.cli.check import Request, check_rubric
from grader.errors import HostError, UserError


@pytest.fixture(autouse=True)
def _traceable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "close_to_tracers", lambda: None)


def _request(folder: Path, **fields: Any) -> Request:
    made = {
        "rubric": folder / "rubrics" / "small.yaml",
        "as_json": False,
        "out": None,
        "min_score": 0.0,
        "jobs": 1,
    }
    return Request(**{**made, **fields})


def test_a_table_and_lines_of_progress(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_rubric(_request(small)) == 0
    out, err = capsys.readouterr()
    assert "This rubric holds." in out
    assert err.startswith("grader check: 0 of ")
    assert err.endswith(" steps done\n")


def test_json_on_standard_output_and_in_a_file(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = small / "made" / "check.json"
    assert check_rubric(_request(small, as_json=True, out=file)) == 0
    out = capsys.readouterr().out
    assert json.loads(out)["is_good"] is True
    assert file.read_text(encoding="utf-8") == out
    assert [path.name for path in file.parent.iterdir()] == ["check.json"]


def test_something_wrong(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rubric = small / "rubrics" / "small.yaml"
    rubric.write_text(rubric.read_text(encoding="utf-8").replace("[3.5]", "[0.0]").replace("[1.0, 2.0]", "[0.0]"))
    assert check_rubric(_request(small)) == 1
    assert "wrong: a submission that returns its first argument earns in A" in capsys.readouterr().out


def test_a_bar_on_a_terminal(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: Callable[..., Console] = Console
    monkeypatch.setattr(
        check, "Console", lambda **options: made(**options, force_terminal=True, force_interactive=True)
    )
    assert check_rubric(_request(small)) == 0
    out, err = capsys.readouterr()
    assert "Grading" in err
    assert "steps done" not in err
    assert "This rubric holds." in out


@pytest.mark.parametrize(("name", "fault"), [("rubrics", UserError), ("reference.py/check.json", UserError)])
def test_a_place_where_the_result_cannot_go(small: Path, name: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        check._write(small / name, _result())


def test_a_disk_that_is_full(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(HostError, match="No space left"):
        check._write(small / "check.json", _result())
    assert not list(small.glob(".check-*"))


def _result() -> CheckResult:
    return CheckResult.model_construct()


def test_one_process_for_each_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {1, 2, 3}, raising=False)
    assert check._processors() == 3
    monkeypatch.delattr("os.sched_getaffinity")
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert check._processors() == 1


def test_the_clock() -> None:
    seconds, now = check.clock()
    assert check.clock()[0] >= seconds
    assert now.endswith("+00:00")
