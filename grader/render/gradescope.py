"""The format of Gradescope's `results.json`, strictly: everything that is written is valid by it.

By Gradescope's page *Autograder specifications*: a score of the whole or of each test is a must, all else is
optional; the whole's score replaces the sum of the tests'. A test without a status passes when its score is its
`max_score`; one that has neither is neutral. Once the visibility of any test is not `visible`, students do not see
their total until it is.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from grader.rubric.model import Visibility

Format: TypeAlias = Literal["text", "html", "simple_format", "md", "ansi"]
"""How a text is shown; `text` shows every character as it is."""

_Number: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]
_NotNegative: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Name: TypeAlias = Annotated[str, Field(max_length=500)]
_Text: TypeAlias = Annotated[str, Field(max_length=50_000)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class GradedTest(_Model):
    """One line of the results that students open to read."""

    score: _Number | None = None
    max_score: _NotNegative | None = None
    status: Literal["passed", "failed"] | None = None
    name: _Name | None = None
    name_format: Format | None = None
    number: Annotated[str, Field(max_length=40)] | None = None
    output: _Text | None = None
    output_format: Format | None = None
    tags: tuple[_Name, ...] | None = None
    visibility: Visibility | None = None
    extra_data: dict[str, JsonValue] | None = None


class LeaderboardEntry(_Model):
    """What a submission has in one column of the leaderboard."""

    name: _Name
    value: _Number | _Name
    order: Literal["asc", "desc"] | None = None


class Results(_Model):
    """The whole of `results.json`."""

    score: _Number | None = None
    execution_time: _NotNegative | None = Field(default=None, description="Seconds.")
    output: _Text | None = None
    output_format: Format | None = None
    test_output_format: Format | None = None
    test_name_format: Format | None = None
    visibility: Visibility | None = None
    stdout_visibility: Visibility | None = None
    extra_data: dict[str, JsonValue] | None = None
    tests: tuple[GradedTest, ...] | None = None
    leaderboard: tuple[LeaderboardEntry, ...] | None = None

    @model_validator(mode="after")
    def _has_a_score(self) -> Results:
        scored = [test.score is not None for test in self.tests or ()]
        if self.score is None and not (scored and all(scored)):
            raise ValueError("without a score of the whole, each test needs one")
        return self

    def to_json(self) -> str:
        """Return the file's content."""
        return self.model_dump_json(indent=1, exclude_none=True) + "\n"
