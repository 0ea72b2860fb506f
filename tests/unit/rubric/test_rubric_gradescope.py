from __future__ import annotations

from pathlib import Path

import pytest

from grader.rubric import load_rubric
from grader.rubric.gradescope import Gradescope

RUBRIC = """
assignment: hw
reference: hw.py
{settings}
questions:
  - {{id: "1", title: Q, parts: [{{id: 1A, title: P, points: 2, function: f, cases: [{{args: [1]}}]}}]}}
"""


def problems(tmp_path: Path, settings: str) -> list[str]:
    file = tmp_path / "hw.yaml"
    file.write_text(RUBRIC.format(settings=settings))
    return [str(problem).removeprefix(f"{file}:") for problem in load_rubric(file).problems]


def test_by_default_points_are_shown_and_every_latest_submission_counts() -> None:
    settings = Gradescope.model_validate({})
    assert (settings.hidden, settings.per_day, settings.keep) == ("counted", None, "latest")
    assert (settings.leaderboard, settings.packages) == ([], [])


def test_it_is_read_from_a_rubric_and_comes_back_from_json(tmp_path: Path) -> None:
    file = tmp_path / "hw.yaml"
    file.write_text(RUBRIC.format(settings="gradescope: {per_day: 3, leaderboard: [{name: All, value: 1A}]}"))
    loaded = load_rubric(file)
    assert loaded.problems == ()
    settings = loaded.rubric.gradescope
    assert (settings.per_day, settings.leaderboard[0].value) == (3, "1A")
    again = Gradescope.model_validate_json(settings.model_dump_json())
    assert again.model_dump() == settings.model_dump()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("gradescope: {per_day: 0}", "4: gradescope.per_day: this should be greater than or equal to 1, not 0"),
        ("gradescope: {hiden: x}", "4: gradescope.hiden: unknown field; did you mean `hidden`?"),
        (
            "gradescope: {leaderboard: [{name: x, value: 2B}]}",
            "4: gradescope.leaderboard[0].value: there is no part 2B; give `total`, `seconds` or a part's id",
        ),
        (
            "gradescope: {hidden: separate, leaderboard: [{name: x, value: total}]}",
            "4: gradescope: `leaderboard` would show the points that `hidden: separate` keeps back",
        ),
        (
            "gradescope: {packages: [--index-url=x]}",
            "4: gradescope: `--index-url=x` is no package: give its name, and its versions where they matter",
        ),
        (
            "gradescope: {packages: [scipy, '; rm -rf /']}",
            "4: gradescope: `; rm -rf /` is no package: give its name, and its versions where they matter",
        ),
        (
            "gradescope: {packages: [rm -rf]}",
            "4: gradescope: `rm -rf` is no package: give its name, and its versions where they matter",
        ),
    ],
)
def test_mistakes_have_their_line(tmp_path: Path, settings: str, said: str) -> None:
    assert problems(tmp_path, settings) == [said]


@pytest.mark.parametrize(
    "package",
    [
        "scipy",
        "scikit-learn",
        "scipy>=1.10",
        "scipy >= 1.10, != 1.11.*",
        "torch==2.1+cpu",
        "a~=2",
        "dask[array,distributed]<2025",
        "pandas; python_version < '3.12'",
        "x @ https://host/x.whl",
    ],
)
def test_packages_are_what_pip_takes(tmp_path: Path, package: str) -> None:
    assert problems(tmp_path, f'gradescope: {{packages: ["{package}"]}}') == []


def test_seconds_give_no_points_away(tmp_path: Path) -> None:
    assert problems(tmp_path, "gradescope: {hidden: separate, leaderboard: [{name: x, value: seconds}]}") == []
