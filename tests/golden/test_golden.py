"""Each example's report, field by field, as it was last approved; `renew.py` renews them on purpose."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
from golden_reports import EXAMPLES, FILES, FOLDER, approved_results, approved_text, graded

from grader.render.gradescope import Results
from grader.sandbox import ProcessBox

README = (EXAMPLES / "README.md").read_text(encoding="utf-8")
NAMES = sorted(FILES)


def documented(name: str) -> tuple[float, float]:
    file = FILES[name].name
    row = re.search(rf"^\| `{re.escape(file)}` \|.*\| ([0-9.]+) \| ([0-9.]+) \|$", README, re.MULTILINE)
    assert row, f"submissions_example/README.md has no score for {file}"
    return float(row[1]), float(row[2])


@pytest.fixture(scope="module", params=NAMES)
def example(request: pytest.FixtureRequest, shared_box: ProcessBox) -> tuple[str, dict[str, Any]]:
    return request.param, graded(request.param, shared_box)


def test_every_example_has_the_report_that_was_approved(example: tuple[str, dict[str, Any]]) -> None:
    name, report = example
    assert approved_text(copy.deepcopy(report)) == (FOLDER / name / "report.json").read_text(encoding="utf-8")


def test_every_example_has_the_results_that_were_approved(example: tuple[str, dict[str, Any]]) -> None:
    name, report = example
    text = (FOLDER / name / "results.json").read_text(encoding="utf-8")
    assert approved_results(report) == text
    assert Results.model_validate_json(text).score == report["score"]


def test_every_example_has_its_documented_score(example: tuple[str, dict[str, Any]]) -> None:
    name, report = example
    assert (report["score"], report["pending_points"]) == documented(name)
    assert report["max_score"] == 100


def test_there_is_no_report_without_an_example() -> None:
    assert sorted(folder.name for folder in FOLDER.iterdir() if (folder / "report.json").exists()) == NAMES


def test_the_approved_reports_are_valid_json() -> None:
    for name in NAMES:
        assert json.loads((FOLDER / name / "report.json").read_text(encoding="utf-8"))["assignment"] == "hw3"
