from __future__ import annotations

from pathlib import Path

import pytest

from grader.build.guessable import guessable_draws
from grader.rubric import load_rubric

LONG = 10**29


@pytest.mark.parametrize(
    ("seed", "case", "told"),
    [
        (17, "{args: {x: {normal: [3]}}, visibility: hidden}", True),
        (17, "{args: {x: {list: [1, {choice: [1, 2], shape: [2]}]}}, visibility: after_due_date}", True),
        (17, "{property: {same_result: [{x: {uniform: [2]}}, {x: [1]}]}, visibility: hidden}", True),
        (2**48 - 1, "{args: {x: {integers: [3], low: 0, high: 2}}, visibility: hidden}", True),
        (2**48, "{args: {x: {normal: [3]}}, visibility: hidden}", False),
        (LONG, "{args: {x: {normal: [3]}}, visibility: hidden}", False),
        (17, "{args: {x: {normal: [3]}}}", False),
        (17, "{args: {x: {zeros: [3]}}, visibility: hidden}", False),
    ],
)
def test_a_short_seed_is_told_where_something_hidden_is_drawn(
    seed: int, case: str, told: bool, small: Path
) -> None:
    rubric = small / "rubrics" / "small.yaml"
    text = rubric.read_text().replace("- {args: {x: [3.5]}, visibility: hidden}", f"- {case}")
    rubric.write_text(f"seed: {seed}\n{text}")
    assert (f"the seed {seed} is short" in guessable_draws(load_rubric(rubric))) is told
