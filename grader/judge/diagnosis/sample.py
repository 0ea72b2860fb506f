"""What a diagnosis is made from and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.judge.compare import Terms
from grader.wire import Value


@dataclass(frozen=True, slots=True)
class Sample:
    """One case of a function: what it was asked, what should have come and what came.

    Attributes:
        args: the arguments before the call, by the parameter's name.
        expected: the right answer.
        got: what came, as it came off the wire.
        terms: how exact the answer must be.
        right: the judge's verdict: full credit.
        visible: the case is published to students.
        after: the arguments after the call, where they were observed.
        printed: what the call printed.
    """

    args: Mapping[str, Value]
    expected: Value
    got: Value
    terms: Terms
    right: bool
    visible: bool
    after: Mapping[str, Value]
    printed: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One call that raised.

    Attributes:
        args: the arguments before the call.
        expected: the right answer; None where there is not one.
        type_name: the exception's class.
        text: its message.
        source: the student's line that it came from.
    """

    args: Sequence[Value]
    expected: Value | None
    type_name: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What kind of wrong a function is.

    Attributes:
        kind: a stable identifier.
        says: what is wrong and what to do about it, in fixed words: no number of a sample's is among them.
        sure: 0 to 1.
    """

    kind: str
    says: str
    sure: float
