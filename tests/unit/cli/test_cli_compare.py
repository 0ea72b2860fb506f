from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.cli import compare as cli
from grader.cli.compare import Request, compare_results
from grader.compare import Comparison
from grader.compare.result import Missing
from grader.errors import UserError


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the comparison will find; a test can change it."""
    fields: dict[str, Any] = {
        "old": "a",
        "new": "b",
        "compared": 3,
        "changed": 0,
        "mean_change": 0,
        "causes": {},
        "parts": (),
        "changes": (),
        "missing": (),
        "damaged": (),
    }
    monkeypatch.setattr(
        cli, "compare", lambda old, new: Comparison(**{**fields, "old": str(old), "new": str(new)})
    )
    monkeypatch.delenv("COLUMNS", raising=False)
    return fields


def request(form: Any = "table") -> Request:
    return Request(Path("old"), Path("new"), form)


def test_no_difference_is_status_0(found: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert compare_results(request()) == 0
    assert capsys.readouterr().out.startswith("3 compared, 0 changed")


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_difference_is_status_1(found: dict[str, Any], form: str) -> None:
    found["missing"] = (Missing("ann", "", "old", None),)
    assert compare_results(request(form)) == 1


def test_json_and_csv_stand_alone_on_standard_output(
    found: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    compare_results(request("json"))
    assert json.loads(capsys.readouterr().out)["old"] == "old"
    compare_results(request("csv"))
    assert capsys.readouterr().out.startswith("submission,name,")


def test_damaged_reports_are_told_after_the_rest(
    found: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    found["damaged"] = ("x.json: damaged", "y.json: damaged")
    with pytest.raises(UserError, match=r"^x\.json: damaged\ny\.json: damaged$"):
        compare_results(request())
    assert "3 compared" in capsys.readouterr().out
