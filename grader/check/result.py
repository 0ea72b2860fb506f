"""What `grader check` finds, as data; `grader schema check` prints its JSON Schema."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from grader.report import Points

Percent = Annotated[float, Field(ge=0, le=100)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReferenceResult(_Model):
    """One way of running the reference."""

    run: str = Field(description="How it was run.")
    is_right: bool
    detail: str = Field("", description="What was not right.")


class TrivialResult(_Model):
    """A submission that answers nothing."""

    name: str = Field(description="What its functions do.")
    score: Points
    earning: tuple[str, ...] = Field(description="Parts that pay for it; should be none.")


class MistakeResult(_Model):
    """A known mistake."""

    part: str
    function: str
    name: str = Field(description="The variant's.")
    loses: bool = Field(description="It costs points of its part.")
    is_named: bool = Field(description="The report names it.")
    named: str = Field(description="What the report says instead; empty when it names it.")


class MutantResult(_Model):
    """A mutant that no case catches, or that is marked equivalent."""

    id: str = Field(description="Function, operator, and a digest of the function's changed source.")
    parts: tuple[str, ...] = Field(description="Parts that ask for what it can change.")
    diff: str = Field(description="Of the function.")
    reason: str = Field("", description="Why it is marked equivalent; empty when it is not.")


class MutationResult(_Model):
    """The rubric mutation score: which share of small slips in the reference costs points."""

    mutants: int
    killed: int = Field(description="Those that lose points.")
    equivalent: tuple[MutantResult, ...] = Field(description="Marked so, and not killed.")
    survivors: tuple[MutantResult, ...] = Field(description="Keep full marks, and are not marked.")
    refuted: tuple[str, ...] = Field(description="Marked equivalent, but a case catches them.")
    stale: tuple[str, ...] = Field(description="Marked equivalent, but the reference has no such mutant.")
    score: Percent = Field(description="killed / (mutants - equivalent), in percent.")
    least: Percent = Field(description="The score asked for.")


class PartResult(_Model):
    """A part of the rubric."""

    id: str
    title: str
    points: Points
    cases: int
    hidden_share: Annotated[float, Field(ge=0, le=1)] = Field(
        description="Share of the cases that students do not see, by weight."
    )
    mistakes: int
    mutants: int = Field(description="Those that can change an answer of this part.")
    seconds: float = Field(description="That the reference takes.")


class CaseResult(_Model):
    """A case."""

    id: str
    catches: int = Field(description="Known mistakes and mutants that it finds wrong.")
    alone: int = Field(description="Those that no other case finds wrong.")


class MisfitResult(_Model):
    """A case whose tolerance does not fit."""

    case: str
    kind: Literal["too_tight", "too_loose"]
    detail: str


class CheckResult(_Model):
    """What was found about a rubric."""

    schema_version: Literal[1] = 1
    assignment: str
    title: str
    points: Points
    is_good: bool = Field(description="There are no problems.")
    problems: tuple[str, ...] = Field(description="What is wrong; the exit status is 1 when there is any.")
    warnings: tuple[str, ...] = Field(description="What its author should know.")
    reference: tuple[ReferenceResult, ...]
    trivial: tuple[TrivialResult, ...]
    mistakes: tuple[MistakeResult, ...]
    mutation: MutationResult
    parts: tuple[PartResult, ...]
    cases: tuple[CaseResult, ...]
    calibration: tuple[MisfitResult, ...]
    seconds: float

    def to_json(self) -> str:
        """Return the result as indented JSON with a final line feed."""
        return self.model_dump_json(indent=2) + "\n"
