from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from grader.render.gradescope import GradedTest, Results

# The example of Gradescope's own page, its comments taken out.
EXAMPLE: dict[str, Any] = {
    "score": 44.0,
    "execution_time": 136,
    "output": "Text relevant to the entire submission",
    "output_format": "simple_format",
    "test_output_format": "text",
    "test_name_format": "text",
    "visibility": "after_due_date",
    "stdout_visibility": "visible",
    "extra_data": {},
    "tests": [
        {
            "score": 2.0,
            "max_score": 2.0,
            "status": "passed",
            "name": "Your name here",
            "name_format": "text",
            "number": "1.1",
            "output": "Giant multiline string",
            "output_format": "text",
            "tags": ["tag1", "tag2", "tag3"],
            "visibility": "visible",
            "extra_data": {},
        }
    ],
    "leaderboard": [
        {"name": "Accuracy", "value": 0.926},
        {"name": "Time", "value": 15.1, "order": "asc"},
        {"name": "Stars", "value": "*****"},
    ],
}


def test_the_example_of_the_specification_is_valid_and_comes_back() -> None:
    made = Results.model_validate_json(json.dumps(EXAMPLE))
    assert json.loads(made.to_json()) == EXAMPLE


@pytest.mark.parametrize(
    "change",
    [
        {"score": "44"},
        {"score": True},
        {"execution_time": "136"},
        {"execution_time": -1},
        {"visibility": "secret"},
        {"output_format": "markdown"},
        {"stdout_visibility": None, "surprise": 1},
        {"tests": [{"status": "right"}]},
        {"tests": [{"number": 1.1}]},
        {"tests": [{"max_score": -1}]},
        {"tests": [{"tags": "one"}]},
        {"leaderboard": [{"name": "x"}]},
        {"leaderboard": [{"name": "x", "value": 1, "order": "up"}]},
        {"output": "x" * 50_001},
    ],
)
def test_what_the_specification_does_not_have_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Results.model_validate_json(json.dumps({**EXAMPLE, **change}))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_are_finite(number: str) -> None:
    with pytest.raises(ValidationError):
        Results.model_validate_json(f'{{"score": {number}}}')


def test_there_is_a_score_of_the_whole_or_of_every_test() -> None:
    Results(score=0.0)
    Results(tests=(GradedTest(score=1.0),))
    for tests in (None, (), (GradedTest(score=1.0), GradedTest())):
        with pytest.raises(ValidationError, match="without a score"):
            Results(tests=tests)
