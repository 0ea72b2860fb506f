"""Properties: what must hold of a function's answers, whatever they are."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from grader.rubric.fields import Arguments, LocatedModel, Name, Whole, names_or

_Finite = Annotated[float, Field(allow_inf_nan=False)]


def _under(name: str) -> BeforeValidator:
    """Let a field that mostly needs one word be written as this word alone."""
    return BeforeValidator(lambda value: value if isinstance(value, (dict, LocatedModel)) else {name: value})


class SumsTo(LocatedModel):
    """The entries sum to a number, all together or along an axis."""

    value: _Finite
    axis: Whole | None = Field(None, description="Along this axis; by default over all entries.")


class Monotone(LocatedModel):
    """Each entry against the next one along an axis."""

    direction: Literal["increasing", "decreasing", "nondecreasing", "nonincreasing"]
    axis: Whole = -1


class Transform(LocatedModel):
    """One change of an array."""

    permute: list[Annotated[Whole, Field(ge=0)]] | None = Field(None, description="The new order, from 0.")
    reverse: Literal[True] | None = None
    scale: _Finite | None = Field(None, description="Times this number.")
    shift: _Finite | None = Field(None, description="Plus this number.")
    transpose: Literal[True] | None = None
    same: Literal[True] | None = Field(None, description="No change.")
    axis: Whole = Field(0, description="Of `permute` and `reverse`.")

    @model_validator(mode="after")
    def _one_change(self) -> Transform:
        if len(self.change) != 1:
            raise ValueError(f"give exactly one of {', '.join(_CHANGES)}")
        return self

    @property
    def change(self) -> dict[str, Any]:
        """What is to be done, by name."""
        return {name: getattr(self, name) for name in _CHANGES if getattr(self, name) is not None}


_CHANGES = ("permute", "reverse", "scale", "shift", "transpose", "same")


class Equivariant(LocatedModel):
    """When an argument changes in one way, the answer changes in a known way."""

    argument: Name
    by: Transform = Field(description="What is done to the argument.")
    answer: Transform | None = Field(None, description="What that does to the answer; by default the same.")


class Split(LocatedModel):
    """The whole at once and piece by piece give the same."""

    arguments: Annotated[list[Name], Field(min_length=1)] = Field(description="What is cut along its first axis.")
    at: Annotated[list[Annotated[Whole, Field(gt=0)]], Field(min_length=1)] = Field(
        description="Where, as in numpy.split."
    )
    join: Literal["concatenate", "sum", "mean"] = Field(
        "concatenate", description="How the pieces' answers make the whole's; `mean` weighs by their lengths."
    )


class Agreement(LocatedModel):
    """Another function of the student's gives the same."""

    function: Name
    args: Arguments | None = Field(None, description="By default this case's, by parameter name.")


class Inverse(LocatedModel):
    """Another function of the student's, given the answer as its first argument, gives the argument back."""

    function: Name
    argument: Name | None = Field(None, description="Which argument comes back; by default the first.")


class Gradient(LocatedModel):
    """The answer is the derivative of a function, measured by central differences."""

    function: Name
    argument: Name | None = Field(None, description="With respect to this argument; by default its first.")
    whose: Literal["reference", "student"] = Field(
        "reference", description="`student`: loss and gradient are compared with each other."
    )
    args: Arguments | None = Field(None, description="By default this case's, by parameter name.")
    step: Annotated[float, Field(gt=0, le=1)] = 1e-5


class Property(LocatedModel):
    """What must hold; of several, all must."""

    value: Literal[True] | None = Field(None, description="The answer is right as well, as without a property.")
    same_result: Annotated[list[Arguments], Field(min_length=1)] | None = Field(
        None, description="Argument sets that all give one answer; with `args` of the case, that set's."
    )
    equivariant: Equivariant | None = None
    split: Split | None = None
    sums_to: Annotated[SumsTo, _under("value")] | None = None
    within: Annotated[list[_Finite], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Least and greatest value of any entry."
    )
    positive: Literal[True] | None = Field(None, description="Every entry is above 0.")
    finite: Literal[True] | None = Field(None, description="No entry is NaN or infinite.")
    symmetric: Literal[True] | None = Field(None, description="A square matrix that is its own transpose.")
    shape: list[Annotated[Whole, Field(ge=0)]] | None = Field(None, description="[] for a single number.")
    integer: Literal[True] | None = Field(None, description="Every entry is a whole number.")
    monotone: Annotated[Monotone, _under("direction")] | None = None
    inverse_of: Annotated[Inverse, _under("function")] | None = None
    gradient_of: Annotated[Gradient, _under("function")] | None = None
    agrees_with: Annotated[Agreement, _under("function")] | None = None
    leaves_arguments: (
        Annotated[Annotated[list[Name], Field(min_length=1)] | Literal[True], names_or("`true` for all", True)]
        | None
    ) = Field(None, description="These arguments, or all, are after the call what they were before.")
    checker: Annotated[str, Field(pattern=r"^[^:]+\.py::[A-Za-z_]\w*$", max_length=300)] | None = Field(
        None, description="A function of the course's, `file.py::name`, that decides; see docs/rubrics.md."
    )

    @model_validator(mode="after")
    def _something(self) -> Property:
        if not self.names:
            raise ValueError(f"name at least one property: {', '.join(type(self).model_fields)}")
        if self.within is not None and self.within[0] > self.within[1]:
            raise ValueError("`within` is [least, greatest]")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The properties that are asked for."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) is not None)
