"""Verdicts: right, wrong, no answer, or a person must look; each with words that are safe to show, and others."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Right:
    """The answer is right."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """The answer is wrong, or right in part.

    Attributes:
        reason: what is wrong; gives away neither inputs nor expected values, so it may be shown for a hidden case.
        detail: where and how far, with numbers; for a visible case only.
        credit: share of the case's credit, below 1.
    """

    reason: str
    detail: str = ""
    credit: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """There is nothing to judge: `reason` and `detail` as in `Wrong`."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NeedsReview:
    """A person marks this."""

    reason: str


Verdict: TypeAlias = Right | Wrong | NoAnswer | NeedsReview
