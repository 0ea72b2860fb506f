"""The exam paper: what is asked, which calls are made, what each is worth; no answers."""

from __future__ import annotations

import difflib
import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from grader import records
from grader.errors import Problem
from grader.inputs import Draws, InputError, make
from grader.reference import Reference, parameters
from grader.rubric import Answer, LoadedRubric, Visibility
from grader.rubric import Case as RubricCase
from grader.rubric import Part as RubricPart
from grader.rubric.source import FieldPath
from grader.wire import Value

_MAGIC = b"grader plan 1\n"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a student's function.

    Attributes:
        function: its name.
        args: the arguments, by position.
        observe: positions of the arguments whose value after the call is asked for.
    """

    function: str
    args: tuple[Value, ...]
    observe: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A call, and what the case is called, who sees it and what it is worth."""

    id: str
    name: str
    visibility: Visibility
    weight: Fraction
    essential: bool
    call: Call


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
    """A sub-question; its answers split its points evenly."""

    id: str
    title: str
    points: Fraction
    answers: tuple[PartAnswer, ...]


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


@dataclass(frozen=True)
class Plan:
    """The exam paper of one assignment."""

    assignment: str
    title: str
    rubric_digest: str
    limits: Limits
    questions: tuple[Question, ...]

    def parts(self) -> Iterator[Part]:
        """Yield the parts in the order of the paper."""
        for question in self.questions:
            yield from question.parts

    def cases(self) -> Iterator[Case]:
        """Yield the cases in the order in which they are asked."""
        for part in self.parts():
            for answer in part.answers:
                if isinstance(answer, FunctionAnswer):
                    yield from answer.cases

    def variables(self) -> Iterator[str]:
        """Yield the names of the written answers' variables."""
        for part in self.parts():
            yield from (answer.variable for answer in part.answers if isinstance(answer, WrittenAnswer))

    def dump(self) -> bytes:
        """Return the plan as a file's content."""
        return records.dump(self, _MAGIC)

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 of the plan's file."""
        return hashlib.sha256(self.dump()).hexdigest()


def load_plan(content: bytes) -> Plan:
    """Read the plan that `Plan.dump` wrote.

    Raises:
        RecordError: the content is not a plan of this version.
    """
    classes = (Plan, Limits, Question, Part, FunctionAnswer, WrittenAnswer, Case, Call)
    plan = records.load(content, classes, _MAGIC)
    if not isinstance(plan, Plan):
        raise records.RecordError("this file is damaged: it holds no plan")
    return plan


@dataclass(frozen=True, slots=True)
class Compiled:
    """A plan, the rubric's case behind each of its cases by id, and what could not be compiled."""

    plan: Plan
    sources: dict[str, RubricCase]
    problems: list[Problem]


def compile_plan(loaded: LoadedRubric, reference: Reference) -> Compiled:
    """Turn a rubric into calls; cases that cannot be made are left out and named in the problems.

    Args:
        loaded: the rubric.
        reference: gives the functions' parameters.
    """
    compiler = _Compiler(loaded, reference)
    rubric = loaded.rubric
    questions = tuple(
        Question(question.id, question.title, tuple(compiler.part(part) for part in question.parts))
        for question in rubric.questions
    )
    limits = rubric.limits
    plan = Plan(
        assignment=rubric.assignment,
        title=rubric.title or rubric.assignment,
        rubric_digest=hashlib.sha256(loaded.source).hexdigest(),
        limits=Limits(
            limits.seconds, limits.import_seconds, limits.submission_seconds, limits.memory_mb, limits.scratch_mb
        ),
        questions=questions,
    )
    return Compiled(plan, compiler.sources, compiler.problems)


class _Compiler:
    def __init__(self, loaded: LoadedRubric, reference: Reference) -> None:
        self._loaded = loaded
        self._reference = reference
        self.sources: dict[str, RubricCase] = {}
        self.problems: list[Problem] = []

    def _complain(self, path: FieldPath, text: str) -> None:
        self.problems.append(self._loaded.document.problem(path, text))

    def part(self, part: RubricPart) -> Part:
        answers = (self._answer(answer, part.id) for answer in part.all_answers)
        kept = tuple(answer for answer in answers if answer is not None)
        return Part(part.id, part.title, Fraction(part.points), kept)

    def _answer(self, answer: Answer, part_id: str) -> PartAnswer | None:
        if answer.written is not None:
            return WrittenAnswer(answer.written, tuple(answer.criteria))
        name = str(answer.function)
        function = self._reference.function(name)
        if function is None:
            close = difflib.get_close_matches(name, self._reference.names(), n=1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            self._complain(
                (*answer.path, "function"), f"{self._reference.file.name} has no function `{name}`{hint}"
            )
            return None
        try:
            names = parameters(function)
        except (TypeError, ValueError):
            text = f"`{name}` of {self._reference.file.name} does not tell its parameters; write it with `def`"
            self._complain((*answer.path, "function"), text)
            return None
        cases = (
            self._case(case, f"{part_id}/{name}", number, (name, names))
            for number, case in enumerate(answer.cases, 1)
        )
        return FunctionAnswer(name, names, answer.scoring, tuple(case for case in cases if case is not None))

    def _case(
        self, case: RubricCase, place: str, number: int, function: tuple[str, tuple[str, ...]]
    ) -> Case | None:
        name, names = function
        hidden = "" if case.visibility == "visible" else "hidden "
        place = f"{place}/{case.name or number}"
        args = self._args(case, names, place)
        observe = [index for index, parameter in enumerate(names) if parameter in case.unchanged]
        if len(observe) != len(case.unchanged):
            self._complain((*case.path, "unchanged"), f"`{name}` has the parameters {', '.join(names) or 'none'}")
            return None
        if args is None:
            return None
        if place in self.sources:
            self._complain((*case.path, "name"), f"an unnamed case of `{name}` has this number for a name already")
            return None
        self.sources[place] = case
        return Case(
            id=place,
            name=case.name or f"{hidden}case {number}",
            visibility=case.visibility,
            weight=Fraction(case.weight),
            essential=case.essential,
            call=Call(name, args, tuple(observe)),
        )

    def _args(self, case: RubricCase, names: tuple[str, ...], place: str) -> tuple[Value, ...] | None:
        given = case.args if isinstance(case.args, dict) else dict(zip(names, case.args, strict=False))
        at = (*case.path, "args")
        if len(given) != len(case.args) or set(given) != set(names):
            self._complain(at, f"these must be the parameters {', '.join(names) or '(none)'}, each once")
            return None
        made: list[Any] = []
        for position, name in enumerate(names):
            key = name if isinstance(case.args, dict) else position
            try:
                made.append(make(given[name], Draws(self._loaded.rubric.seed, f"{place}/{name}")))
            except InputError as error:
                self._complain((*at, key), str(error))
        return tuple(made) if len(made) == len(names) else None
