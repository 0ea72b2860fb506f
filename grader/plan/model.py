"""The exam paper's pages: questions, parts, cases and calls, as data; no answers."""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from grader import records
from grader.rubric import Visibility
from grader.wire import Value, encode
from grader.worker.letters import CALL

_MAGIC = b"grader plan 2\n"


@dataclass(frozen=True, slots=True)
class Earlier:
    """In the place of an argument: what an earlier call of the same case returned, by its number from 0."""

    call: int


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a student's function.

    Attributes:
        function: its name.
        args: the arguments, by position.
        observe: positions of the arguments whose value after the call is asked for.
    """

    function: str
    args: tuple[Value | Earlier, ...]
    observe: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One call or a few, and what the case is called, who sees it and what it is worth.

    Attributes:
        id: part, function and case.
        name: shown to students.
        visibility: who sees it.
        weight: relative to the function's other cases.
        essential: when it earns nothing, neither does the function.
        calls: the call that the case is about, then those that a property compares it with.
    """

    id: str
    name: str
    visibility: Visibility
    weight: Fraction
    essential: bool
    calls: tuple[Call, ...]

    @property
    def call(self) -> Call:
        """The call that the case is about."""
        return self.calls[0]


@dataclass(frozen=True, slots=True)
class FunctionAnswer:
    """A function that the student writes."""

    function: str
    parameters: tuple[str, ...]
    scoring: Literal["weighted", "all"]
    cases: tuple[Case, ...]

    @property
    def signature(self) -> str:
        """The function as the homework writes it: `softmax(x)`."""
        return f"{self.function}({', '.join(self.parameters)})"


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """A text that the student writes and a person marks."""

    variable: str
    criteria: tuple[str, ...]


PartAnswer: TypeAlias = FunctionAnswer | WrittenAnswer


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-question; its answers split its points evenly.

    Attributes:
        id: its name, the only one in the paper.
        title: what it asks for.
        points: what it is worth.
        answers: what the student hands in.
        uses: functions of other parts that it may be built on.
        follow_through: most of its points that it earns with right helpers in the place of wrong ones.
    """

    id: str
    title: str
    points: Fraction
    answers: tuple[PartAnswer, ...]
    uses: tuple[str, ...] = ()
    follow_through: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Question:
    """Parts under one title."""

    id: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a submission may use: seconds of a call, of the import, of all; address space and scratch in MiB."""

    seconds: float
    import_seconds: float
    submission_seconds: float
    memory_mb: int
    scratch_mb: int = 0


@dataclass(frozen=True, slots=True)
class LatePolicy:
    """What a late submission costs.

    Attributes:
        deduct: share of the assignment's points for each started period.
        period: seconds.
        grace: seconds that cost nothing.
        cap: most that is taken off, as a share of the assignment's points.
        cutoff: seconds after which nothing counts; None for never.
    """

    deduct: Fraction
    period: int
    grace: float
    cap: Fraction
    cutoff: float | None


@dataclass(frozen=True)
class Plan:
    """The exam paper of one assignment.

    Attributes:
        assignment: a short id.
        title: shown to people.
        rubric_digest: SHA-256 of the rubric's file.
        limits: what a submission may use.
        questions: with their parts.
        late: what a late submission costs; None for nothing.
        helpers: source of right helpers, by name, that the course gives away for follow-through.
    """

    assignment: str
    title: str
    rubric_digest: str
    limits: Limits
    questions: tuple[Question, ...]
    late: LatePolicy | None = None
    helpers: dict[str, str] = field(default_factory=dict)

    def parts(self) -> Iterator[Part]:
        """Yield the parts in the order of the paper."""
        for question in self.questions:
            yield from question.parts

    def functions(self) -> Sequence[tuple[Part, FunctionAnswer]]:
        """Return the functions in the order of the paper, each with its part."""
        return self._functions

    def cases(self) -> Sequence[Case]:
        """Return the cases in the order of the paper."""
        return self._cases

    @functools.cached_property
    def _functions(self) -> tuple[tuple[Part, FunctionAnswer], ...]:
        answers = ((part, answer) for part in self.parts() for answer in part.answers)
        return tuple((part, answer) for part, answer in answers if isinstance(answer, FunctionAnswer))

    @functools.cached_property
    def _cases(self) -> tuple[Case, ...]:
        return tuple(case for _, answer in self._functions for case in answer.cases)

    def variables(self) -> Iterator[str]:
        """Yield the names of the written answers' variables."""
        for part in self.parts():
            yield from (answer.variable for answer in part.answers if isinstance(answer, WrittenAnswer))

    @functools.cached_property
    def numbers(self) -> dict[str, tuple[int, ...]]:
        """The number of each case's calls, from 1, by the case's id."""
        counter = itertools.count(1)
        return {case.id: tuple(next(counter) for _ in case.calls) for case in self.cases()}

    @functools.cached_property
    def letters(self) -> dict[str, tuple[bytes, ...]]:
        """The letters that ask for each case's calls, encoded, by its id; without those that need answers."""
        return {
            case.id: tuple(map(_letter, self.numbers[case.id], case.calls))
            for case in self.cases()
            if not any(isinstance(arg, Earlier) for call in case.calls for arg in call.args)
        }

    @functools.cached_property
    def sizes(self) -> dict[str, int]:
        """How many bytes each case's `letters` take, by its id."""
        return {case: sum(map(len, payloads)) for case, payloads in self.letters.items()}

    def dump(self) -> bytes:
        """Return the plan as a file's content."""
        return records.dump(self, _MAGIC)

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 of the plan's file."""
        return hashlib.sha256(self.dump()).hexdigest()


def _letter(number: int, call: Call) -> bytes:
    return encode((CALL, number, call.function, list(call.args), list(call.observe)))


def load_plan(content: bytes) -> Plan:
    """Read the plan that `Plan.dump` wrote.

    Raises:
        RecordError: the content is not a plan of this version.
    """
    classes = (Plan, Limits, Question, Part, FunctionAnswer, WrittenAnswer, Case, Call, Earlier, LatePolicy)
    plan = records.load(content, classes, _MAGIC)
    if not isinstance(plan, Plan):
        raise records.RecordError("this file is damaged: it holds no plan")
    return plan
