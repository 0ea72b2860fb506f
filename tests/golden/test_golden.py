"""Each example's report, field by field, as it was last approved; `renew.py` renews them on purpose."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from golden_reports import EXAMPLES, FOLDER, approved_text, graded

README = (EXAMPLES / "README.md").read_text(encoding="utf-8")
NAMES = sorted(file.stem for file in EXAMPLES.glob("*.py"))


def documented(name: str) -> tuple[float, float]:
    row = re.search(rf"^\| `{name}\.py` \|.*\| ([0-9.]+) \| ([0-9.]+) \|$", README, re.MULTILINE)
    assert row, f"submissions_example/README.md has no score for {name}.py"
    return float(row[1]), float(row[2])


@pytest.fixture(scope="module", params=NAMES)
def example(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return request.param, graded(request.param)


def test_every_example_has_the_report_that_was_approved(example: tuple[str, dict[str, Any]]) -> None:
    name, report = example
    assert approved_text(report) == (FOLDER / name / "report.json").read_text(encoding="utf-8")


def test_every_example_has_its_documented_score(example: tuple[str, dict[str, Any]]) -> None:
    name, report = example
    assert (report["score"], report["pending_points"]) == documented(name)
    assert report["max_score"] == 100


def test_there_is_no_report_without_an_example() -> None:
    assert sorted(folder.name for folder in FOLDER.iterdir() if (folder / "report.json").exists()) == NAMES


def test_the_approved_reports_are_valid_json() -> None:
    for name in NAMES:
        assert json.loads((FOLDER / name / "report.json").read_text(encoding="utf-8"))["assignment"] == "hw3"
