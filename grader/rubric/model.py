"""The rubric's fields, their types and their bounds (pydantic); `grader schema rubric` prints them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from grader.rubric.fields import (
    Arguments,
    Id,
    Line,
    LocatedModel,
    Name,
    Points,
    Seconds,
    Share,
    Whole,
    names_or,
    short,
)
from grader.rubric.gradescope import Gradescope
from grader.rubric.late import Late
from grader.rubric.properties import Property

Visibility: TypeAlias = Literal["visible", "hidden", "after_due_date", "after_published"]
"""Who sees a case; Gradescope's own words. Until its time comes, all but `visible` are hidden."""

Selfcheck: TypeAlias = Literal["value", "sealed", "properties", "none"]
"""What a self-check kit holds of a visible case."""

EXACT = 2.3e-16
"""No relative tolerance can be below this: a float is no more exact."""


class Tolerance(LocatedModel):
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


class Limits(LocatedModel):
    """What a submission may use."""

    seconds: Seconds = Field(2, description="Wall-clock seconds of one call.")
    import_seconds: Seconds = Field(20, description="Wall-clock seconds to load the module.")
    submission_seconds: Seconds = Field(60, description="Wall-clock seconds of the whole submission.")
    memory_mb: Annotated[Whole, Field(ge=192, le=1_000_000)] = Field(
        1024, description="Address space in MiB; numpy with linear algebra needs 154."
    )
    scratch_mb: Annotated[Whole, Field(ge=0, le=1024)] = Field(
        0, description="Size of a folder that the submission may write to, in MiB; none by default."
    )


Observe: TypeAlias = Annotated[
    Literal["return", "printed"] | Annotated[list[Name], Field(min_length=1)],
    names_or("`return` or `printed`", "return", "printed"),
]
"""What is judged of a call."""


class Variant(LocatedModel):
    """One of several right answers."""

    name: Line = Field(description="What this variant is called: `sum`, `mean`.")
    expect: Any = None
    function: Name | None = Field(None, description="The function of the reference that gives it.")

    @model_validator(mode="after")
    def _one_source(self) -> Variant:
        if (self.expect is None) == (self.function is None):
            raise ValueError("give either `expect:` or `function:`")
        return self


class Case(LocatedModel):
    """One call of a function of the student's, and how its outcome is judged."""

    name: Line | None = Field(None, description="Shown to students; by default the case is numbered.")
    args: Arguments = Field(
        default_factory=list, description="The arguments: by the reference's parameter names, or by position."
    )
    visibility: Visibility = Field("visible", description="Until its time comes, all but `visible` are hidden.")
    weight: Annotated[Decimal, Field(gt=0, le=1000), AfterValidator(short)] = Field(
        Decimal(1), description="Share of the function's credit, relative to its other cases."
    )
    essential: bool = Field(default=False, description="When this case earns nothing, neither does the function.")
    hint: Line | None = Field(
        None,
        description="Shown when the case is not right, also when it is hidden: it must not give it away.",
    )
    expect: Any = Field(None, description="The right answer; by default the reference gives it.")
    expect_any: list[Variant] = Field(
        default_factory=list, description="Several right answers, for instance of two conventions."
    )
    observe: Observe | None = Field(None, description="As the function's, for this case alone.")
    property: Property | None = Field(
        None, description="What must hold of the answer, instead of being the reference's."
    )
    nonfinite: bool = Field(default=False, description="The right answer holds NaN or infinity on purpose.")
    tolerance: Tolerance = Field(
        default_factory=lambda: Tolerance(rtol=None, atol=None),
        description="For this case; the rest is the rubric's.",
    )
    selfcheck: Selfcheck | None = Field(None, description="As the function's, for this case alone.")

    @model_validator(mode="after")
    def _one_answer(self) -> Case:
        if self.expect is not None and self.expect_any:
            raise ValueError("give either `expect:` or `expect_any:`")
        judged_by_value = self.property is None or self.property.value
        if not judged_by_value and (self.expect is not None or self.expect_any):
            raise ValueError("with a property alone nothing is expected; add `value: true` to the property")
        if self.property and self.property.same_result and not (self.args or len(self.property.same_result) > 1):
            raise ValueError("`same_result` needs two argument sets: two in its list, or one beside `args`")
        return self


class Mistake(LocatedModel):
    """A wrong variant that students are known to write."""

    function: Name = Field(description="The variant, in the module of mistakes.")
    says: Line = Field(description="What to do about it, in one sentence; shown to the student.")
    credit: Share = Field(Decimal(0), description="Share of the function's points for an answer like this.")


class Answer(LocatedModel):
    """What answers a part, or a share of it: a function with cases, or a text that a person marks."""

    function: Name | None = Field(None, description="The function that the student writes.")
    cases: list[Case] = Field(default_factory=list, description="How the function is called and judged.")
    observe: Observe = Field(
        "return",
        description="What is judged: what the call returns, what it prints, or these arguments after it.",
    )
    scoring: Literal["weighted", "all"] = Field(
        "weighted",
        description="`weighted`: the mean of the cases' credit by weight. `all`: the least credit of any case.",
    )
    mistakes: list[Mistake] = Field(
        default_factory=list, description="Known mistakes, most likely first; the report names the one that fits."
    )
    selfcheck: Selfcheck | None = Field(
        None, description="What a self-check kit has of its visible cases; by default as the rubric says."
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
        if self.written is not None and self.mistakes:
            raise ValueError("`mistakes:` belong to a function")
        if self.written is not None and self.selfcheck is not None:
            raise ValueError("`selfcheck:` belongs to a function")


class Part(Answer):
    """A sub-question, with its points."""

    id: Id = Field(description="Without blanks, the only one of its kind.")
    title: Line = Field(description="For people.")
    points: Points = Field(description="With at most two decimals.")
    answers: list[Answer] = Field(
        default_factory=list, description="Several answers split the part's points evenly."
    )
    uses: list[Name] = Field(
        default_factory=list, description="Functions of other parts that this one may be built on."
    )
    follow_through: Share | None = Field(
        None, description="Most that this part earns with a right helper in place; by default the rubric's."
    )

    def _check_kind(self) -> None:
        if not self.answers:
            super()._check_kind()
        elif self.function or self.written or self.cases or self.criteria or self.mistakes:
            raise ValueError("give either `answers:`, or one `function:` or `written:` directly")

    @property
    def all_answers(self) -> tuple[Answer, ...]:
        """The part's answers, also when it has one and names it directly."""
        return tuple(self.answers) or (self,)


class Question(LocatedModel):
    """A group of parts under one title."""

    id: Id = Field(description="Without blanks, the only one of its kind.")
    title: Line
    parts: Annotated[list[Part], Field(min_length=1)]


class Rubric(LocatedModel):
    """An assignment: its questions, the calls that test them, and what each is worth."""

    assignment: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)] = Field(
        description="A short id, used in file names."
    )
    title: Line | None = Field(None, description="For people; by default the id.")
    reference: Annotated[str, Field(min_length=1)] = Field(
        description="The reference solution, relative to the rubric's file."
    )
    mistakes: Annotated[str, Field(min_length=1)] | None = Field(
        None, description="The module of known mistakes, relative to the rubric's file."
    )
    float32: bool = Field(
        default=False, description="`grader check` also proves the reference with arguments in float32."
    )
    give_away: list[Name] = Field(
        default_factory=list,
        description="Functions of the reference that a submission may be given, for follow-through.",
    )
    follow_through: Share = Field(
        Decimal("0.8"), description="Most that a part earns with a right helper in place of a wrong one."
    )
    seed: Annotated[Whole, Field(ge=0)] = Field(0, description="All drawn arguments come from it.")
    limits: Limits = Field(
        default_factory=lambda: Limits.model_validate({}), description="What a submission may use."
    )
    tolerance: Tolerance = Field(
        default_factory=lambda: Tolerance(rtol=1e-6, atol=1e-9),
        description="How exact a number must be; by default rtol 1e-6, atol 1e-9.",
    )
    shape_credit: Share = Field(
        Decimal(0), description="Credit of a case whose values are right and only axes of length 1 are wrong."
    )
    selfcheck: Selfcheck | None = Field(
        None,
        description="What a self-check kit has of visible cases; by default exact answers are sealed, others not.",
    )
    late: Late | None = Field(None, description="What a late submission costs; nothing by default.")
    gradescope: Gradescope = Field(
        default_factory=lambda: Gradescope.model_validate({}), description="How it behaves on Gradescope."
    )
    questions: Annotated[list[Question], Field(min_length=1)]
