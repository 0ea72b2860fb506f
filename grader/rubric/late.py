"""What a course takes off for a late submission."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from grader.rubric.fields import LocatedModel, Share

_Hours = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]


class Late(LocatedModel):
    """A deduction for each started hour or day after the due date, shown as a line of its own."""

    deduct: Share = Field(description="Share of the assignment's points that each started period costs: 0.1.")
    per: Literal["hour", "day"] = Field("day", description="The period.")
    grace_hours: _Hours = Field(0, description="Up to this late nothing is taken off; later, all of it counts.")
    cap: Share = Field(Decimal(1), description="Most that is taken off, as a share of the assignment's points.")
    cutoff_hours: _Hours | None = Field(None, description="Later than this, nothing counts.")

    @model_validator(mode="after")
    def _in_order(self) -> Late:
        if self.cutoff_hours is not None and self.cutoff_hours < self.grace_hours:
            raise ValueError("`cutoff_hours` comes before `grace_hours`")
        return self
