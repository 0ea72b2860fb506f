"""What Gradescope shows of a grading, how often one may submit, and its leaderboards."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from grader.rubric.fields import Line, LocatedModel, Whole

_VERSION = r"\s*(?:[<>=!~]=?|===)\s*[\w.*+!-]+\s*"
# What pip's own documentation calls a requirement specifier; markers and addresses are pip's to read.
_PACKAGE = re.compile(
    rf"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?\s*(?:\[[\w\s,.-]*\])?\s*(?:{_VERSION}(?:,{_VERSION})*)?(?:\s*[;@]\s*\S.*)?",
    re.ASCII,
)


class Leader(LocatedModel):
    """One column of the leaderboard."""

    name: Line = Field(description="The column's title.")
    value: Line = Field(
        description="`total`, a part's id, or `seconds`: of the visible cases, with all automatic points."
    )
    order: Literal["desc", "asc"] | None = Field(
        None, description="`asc` where less is better; so it is for `seconds` by default."
    )


class Gradescope(LocatedModel):
    """How an assignment behaves on Gradescope."""

    hidden: Literal["counted", "separate", "after_due_date", "after_published"] = Field(
        "counted",
        description="Points of parts with hidden cases: `counted` shows them; the others keep them in a test of "
        "their own, hidden for ever or until then, and Gradescope hides the total as long.",
    )
    per_day: Annotated[Whole, Field(ge=1, le=1000)] | None = Field(
        None, description="Most submissions that are graded within 24 hours; any number by default."
    )
    keep: Literal["latest", "best"] = Field(
        "latest", description="Whose score counts: the latest submission's, or the best one's."
    )
    leaderboard: list[Leader] = Field(default_factory=list, description="Its columns; none by default.")
    packages: list[Line] = Field(
        default_factory=list,
        description="Packages that submissions may use beside numpy, as pip takes them: `scipy`.",
    )

    @model_validator(mode="after")
    def _nothing_leaks(self) -> Gradescope:
        if self.hidden != "counted" and any(item.value != "seconds" for item in self.leaderboard):
            raise ValueError(f"`leaderboard` would show the points that `hidden: {self.hidden}` keeps back")
        for item in self.packages:
            if not _PACKAGE.fullmatch(item):
                raise ValueError(f"`{item:.60}` is no package: give its name, and its versions where they matter")
        return self
