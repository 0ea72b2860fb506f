"""The rubric's fields, their types and their bounds (pydantic); `grader schema rubric` prints them."""

from __future__ import annotations

import keyword
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    model_validator,
)
from pydantic.functional_validators import ModelWrapValidatorHandler

from grader.rubric.source import FieldPath

Visibility: TypeAlias = Literal["visible", "hidden", "after_due_date", "after_published"]
"""Who sees a case; Gradescope's own words. Until its time comes, all but `visible` are hidden."""


def _identifier(value: str) -> str:
    if not value.isidentifier() or keyword.iskeyword(value):
        raise ValueError(f"`{value}` is not a Python name")
    return value


def _one_line(value: str) -> str:
    if not value.isprintable() or not value.strip():
        raise ValueError("this must be one line of printable text")
    return value


def _short(value: Decimal) -> Decimal:
    # As a fraction, 1e-999999999 would not fit in memory.
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -12:
        raise ValueError("this has more than 12 decimals")
    return value


def _arguments(value: Any) -> Any:
    # Asked first: the union would complain once for each of its members.
    if not isinstance(value, (dict, list)):
        raise ValueError("arguments are a mapping by parameter name, or a list by position")  # noqa: TRY004  (pydantic's)
    return value


Name: TypeAlias = Annotated[str, AfterValidator(_identifier), Field(max_length=100)]
Line: TypeAlias = Annotated[str, AfterValidator(_one_line), Field(max_length=300)]
Id: TypeAlias = Annotated[str, AfterValidator(_one_line), Field(max_length=40, pattern=r"^\S+$")]
Arguments: TypeAlias = Annotated[dict[str, Any] | list[Any], BeforeValidator(_arguments)]
Points: TypeAlias = Annotated[Decimal, Field(ge=0, le=100_000, decimal_places=2), AfterValidator(_short)]
Seconds: TypeAlias = Annotated[float, Field(gt=0, le=3600)]


EXACT = 2.3e-16
"""No relative tolerance can be below this: a float is no more exact."""

_M = TypeVar("_M", bound="_Model")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    _path: FieldPath = PrivateAttr(())

    @model_validator(mode="wrap")
    @classmethod
    def _remember_path(cls: type[_M], data: Any, handler: ModelWrapValidatorHandler[_M]) -> _M:
        model = handler(data)
        model._path = getattr(data, "path", ())  # noqa: SLF001  (its own class's)
        return model

    @property
    def path(self) -> FieldPath:
        """Where this stands in the rubric's file."""
        return self._path


class Tolerance(_Model):
    """A number is right when `|got - expected| <= atol + rtol * |expected|`, entry by entry."""

    rtol: Annotated[float, Field(ge=0, lt=1)] | None = Field(None, description="Relative tolerance, below 1.")
    atol: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        None, description="Absolute tolerance."
    )

    @model_validator(mode="after")
    def _possible(self) -> Tolerance:
        if self.atol == 0 and self.rtol is not None and self.rtol < EXACT:
            raise ValueError("no float can be this exact; give rtol or atol (integers are exact anyway)")
        return self


class Limits(_Model):
    """What a submission may use."""

    seconds: Seconds = Field(2, description="Wall-clock seconds of one call.")
    import_seconds: Seconds = Field(20, description="Wall-clock seconds to load the module.")
    submission_seconds: Seconds = Field(60, description="Wall-clock seconds of the whole submission.")
    memory_mb: Annotated[int, Field(ge=192, le=1_000_000)] = Field(
        1024, description="Address space in MiB; numpy with linear algebra needs 154."
    )
    scratch_mb: Annotated[int, Field(ge=0, le=1024)] = Field(
        0, description="Size of a folder that the submission may write to, in MiB; none by default."
    )


class Case(_Model):
    """One call of a function of the student's, and how its outcome is judged."""

    name: Line | None = Field(None, description="Shown to students; by default the case is numbered.")
    args: Arguments = Field(
        default_factory=list, description="The arguments: by the reference's parameter names, or by position."
    )
    visibility: Visibility = "visible"
    weight: Annotated[Decimal, Field(gt=0, le=1000), AfterValidator(_short)] = Field(
        Decimal(1), description="Share of the function's credit, relative to its other cases."
    )
    essential: bool = Field(default=False, description="When this case earns nothing, neither does the function.")
    hint: Line | None = Field(
        None,
        description="Shown when the case is not right, also when it is hidden: it must not give it away.",
    )
    expect: Any = Field(None, description="The right answer; by default the reference gives it.")
    nonfinite: bool = Field(default=False, description="The right answer holds NaN or infinity on purpose.")
    tolerance: Tolerance = Field(
        default_factory=lambda: Tolerance(rtol=None, atol=None),
        description="For this case; the rest is the rubric's.",
    )
    unchanged: list[str] = Field(
        default_factory=list, description="Parameters whose argument the call must leave as it was."
    )


class Answer(_Model):
    """What answers a part, or a share of it: a function with cases, or a text that a person marks."""

    function: Name | None = Field(None, description="The function that the student writes.")
    cases: list[Case] = Field(default_factory=list, description="How the function is called and judged.")
    scoring: Literal["weighted", "all"] = Field(
        "weighted",
        description="`weighted`: the mean of the cases' credit by weight. `all`: the least credit of any case.",
    )
    written: Name | None = Field(None, description="The module-level text that holds a written answer.")
    criteria: list[Line] = Field(default_factory=list, description="What the person who marks it looks for.")

    @model_validator(mode="after")
    def _one_kind(self) -> Answer:
        self._check_kind()
        return self

    def _check_kind(self) -> None:
        if (self.function is None) == (self.written is None):
            raise ValueError("give either `function:` with cases, or `written:`")
        if self.function is not None and not self.cases:
            raise ValueError(f"`{self.function}` has no cases; without one it cannot be graded")
        if self.function is not None and self.criteria:
            raise ValueError("`criteria:` belongs to a written answer")
        if self.written is not None and self.cases:
            raise ValueError("`cases:` belong to a function")


class Part(Answer):
    """A sub-question, with its points."""

    id: Id
    title: Line
    points: Points
    answers: list[Answer] = Field(
        default_factory=list, description="Several answers split the part's points evenly."
    )

    def _check_kind(self) -> None:
        if not self.answers:
            super()._check_kind()
        elif self.function or self.written or self.cases or self.criteria:
            raise ValueError("give either `answers:`, or one `function:` or `written:` directly")

    @property
    def all_answers(self) -> tuple[Answer, ...]:
        """The part's answers, also when it has one and names it directly."""
        return tuple(self.answers) or (self,)


class Question(_Model):
    """A group of parts under one title."""

    id: Id
    title: Line
    parts: Annotated[list[Part], Field(min_length=1)]


class Rubric(_Model):
    """An assignment: its questions, the calls that test them, and what each is worth."""

    assignment: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)] = Field(
        description="A short id, used in file names."
    )
    title: Line | None = None
    reference: Annotated[str, Field(min_length=1)] = Field(
        description="The reference solution, relative to the rubric's file."
    )
    seed: Annotated[int, Field(ge=0)] = Field(0, description="All drawn arguments come from it.")
    limits: Limits = Field(default_factory=lambda: Limits.model_validate({}))
    tolerance: Tolerance = Field(default_factory=lambda: Tolerance(rtol=1e-6, atol=1e-9))
    shape_credit: Annotated[Decimal, Field(ge=0, le=1), AfterValidator(_short)] = Field(
        Decimal(0), description="Credit of a case whose values are right and only axes of length 1 are wrong."
    )
    questions: Annotated[list[Question], Field(min_length=1)]
