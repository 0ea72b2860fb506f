"""`grader compare` as a person types it: a rubric is edited, and what that does to marks is told."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
LONG = 120
SECOND = """
import numpy as np
def double(x): return 2 * np.asarray(x)
def total(x): return int(sum(x)) * 1.0
essay = "Hm."
"""


def run(folder: Path, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / command, *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )


@pytest.fixture(scope="module")
def course(make_small: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two submissions, graded before and after part B became worth more, and a third that came later."""
    folder = make_small(tmp_path_factory.mktemp("compare"))
    (folder / "second.py").write_text(SECOND)
    assert run(folder, "grade", "good.py", "second.py", "--out", "old").returncode == 0
    rubric = folder / "rubrics" / "small.yaml"
    before, after = (f"title: The sum\n        points: {points}" for points in (2, 6))
    rubric.write_text(rubric.read_text().replace(before, after))
    shutil.copy(folder / "good.py", folder / "third.py")
    assert run(folder, "grade", "good.py", "second.py", "third.py", "--out", "new").returncode == 0
    return folder


def test_the_same_results_are_status_0(course: Path) -> None:
    done = run(course, "grader", "compare", "old", "old")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 compared, 0 changed" in done.stdout


def test_an_edited_rubric_is_told_in_a_table(course: Path) -> None:
    done = run(course, "grader", "compare", "old", "new")
    assert (done.returncode, done.stderr) == (1, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "good 4 8 +4 B (+4, max 2 to 6) plan, key, rubric" in lines
    assert "second 3 5 +2 B (+2, max 2 to 6) plan, key, rubric" in lines
    assert lines.index("good 4 8 +4 B (+4, max 2 to 6) plan, key, rubric") == 1
    assert "1 new: third" in lines
    assert "2 compared, 2 changed, mean change +3" in lines


def test_csv_and_json_hold_the_same(course: Path) -> None:
    done = run(course, "grader", "compare", "old", "new", "--csv")
    assert done.returncode == 1
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["submission"], row["change"], row["B"]) for row in rows] == [
        ("good", "4", "4"),
        ("second", "2", "2"),
        ("third", "", ""),
    ]
    done = run(course, "grader", "compare", "old", "new", "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert [(item["id"], item["change"]) for item in found["changes"]] == [("good", 4.0), ("second", 2.0)]
    assert found["causes"] == {"plan": 2, "key": 2, "rubric": 2}
    assert found["missing"][0]["id"] == "third"


def test_two_reports(course: Path) -> None:
    done = run(course, "grader", "compare", "old/good.json", "new/third.json")
    assert done.returncode == 1
    assert "1 compared, 1 changed" in done.stdout


def test_a_damaged_report_is_a_line_and_the_others_are_compared(course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(course / "new", folder)
    whole = (folder / "good.json").read_text()
    (folder / "good.json").write_text(whole[: len(whole) // 2])
    done = run(course, "grader", "compare", "old", str(folder))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"grader: {folder / 'good.json'}: this is no report, or a damaged one")
    assert "1 compared, 1 changed" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("old", "nowhere"), "nowhere: the reports cannot be read"),
        (("old", "old/good.json"), "give two results folders, or two reports"),
        (("old", "rubrics"), "rubrics: there are no reports in this folder"),
        (("old",), "NEW"),
        (("old", "new", "--csv", "--json"), "exclude each other"),
    ],
)
def test_mistakes_in_the_call(course: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run(course, "grader", "compare", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_whoever_has_read_enough_is_no_fault(course: Path) -> None:
    command = f"'{BIN / 'grader'}' compare old new --json | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=course, capture_output=True, text=True, timeout=LONG, check=False
    )
    assert done.stderr == ""
    assert done.returncode in {0, 1}
