"""What comes of another grader's tests: parts with cases, and what could not be converted."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Final


class NotPlainError(Exception):
    """A test is no plain call with an expected value; the message says what it is."""


class _Unknown(Enum):
    """The value of a name that a test has given one, but no plain one."""

    unknown = "unknown"


UNKNOWN: Final = _Unknown.unknown


@dataclass(frozen=True, slots=True)
class Left:
    """What was not converted, or not exactly: in which file, in which test, why, and the line if known."""

    file: str
    test: str
    why: str
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{': '.join(filter(None, (place, self.test)))}: {self.why}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A call and what it must give, in the rubric's own words for values."""

    function: str
    args: tuple[Any, ...]
    expect: Any = None
    tolerance: dict[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Theirs:
    """A function of the student's, by its name: what `f = env["square"]` makes of `f`."""

    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """What one statement of a test asks, or why it cannot be converted; its line, 0 if unknown."""

    line: int
    what: Asked | NotPlainError


@dataclass(frozen=True, slots=True)
class Case:
    """A case of a part-to-be; a weight of 0 is none of its own."""

    asked: Asked
    name: str = ""
    hidden: bool = False
    weight: Fraction = Fraction(0)
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part-to-be: one test file of otter's, one test of gspack's."""

    id: str
    title: str
    points: Decimal
    cases: tuple[Case, ...]
    all_or_nothing: bool = False

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that its cases call, in their order."""
        return tuple(dict.fromkeys(case.asked.function for case in self.cases))


@dataclass(slots=True)
class Imported:
    """All of a grader's tests."""

    assignment: str
    parts: list[Part] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
