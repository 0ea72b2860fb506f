"""A rubric to the exam paper: arguments are made, calls laid out, mistakes of the author's named."""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from grader.errors import Problem
from grader.inputs import Draws, InputError, make
from grader.plan.layout import Arguments, LayoutError, Surroundings, lay_out
from grader.plan.model import (
    Case,
    FunctionAnswer,
    LatePolicy,
    Limits,
    Part,
    PartAnswer,
    Plan,
    Question,
    WrittenAnswer,
)
from grader.reference import Reference, helper_source, parameters
from grader.rubric import Answer, LoadedRubric, Property
from grader.rubric import Case as RubricCase
from grader.rubric import Part as RubricPart
from grader.rubric.late import Late
from grader.rubric.source import FieldPath

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Source:
    """Where a case of the plan comes from.

    Attributes:
        case: in the rubric.
        observe: what is judged of a call: `return`, `printed`, or arguments after it.
        around: what its calls were made from.
        calls: the numbers of the calls that each property looks at beside the base call.
    """

    case: RubricCase
    observe: Literal["return", "printed"] | tuple[str, ...]
    around: Surroundings
    calls: dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A plan, where each of its cases comes from by id, and what could not be compiled."""

    plan: Plan
    sources: dict[str, Source]
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
        late=_late(rubric.late),
        helpers=compiler.helpers(),
    )
    return Compiled(plan, compiler.sources, compiler.problems)


def _late(late: Late | None) -> LatePolicy | None:
    if late is None:
        return None
    cutoff = None if late.cutoff_hours is None else late.cutoff_hours * _HOUR
    return LatePolicy(
        deduct=Fraction(late.deduct),
        period=_HOUR if late.per == "hour" else 24 * _HOUR,
        grace=late.grace_hours * _HOUR,
        cap=Fraction(late.cap),
        cutoff=cutoff,
    )


class _Compiler:
    def __init__(self, loaded: LoadedRubric, reference: Reference) -> None:
        self._loaded = loaded
        self._reference = reference
        self.sources: dict[str, Source] = {}
        self.problems: list[Problem] = []

    def _complain(self, path: FieldPath, text: str) -> None:
        self.problems.append(self._loaded.document.problem(path, text))

    def part(self, part: RubricPart) -> Part:
        answers = (self._answer(answer, part.id) for answer in part.all_answers)
        kept = tuple(answer for answer in answers if answer is not None)
        for number, name in enumerate(part.uses):
            self._function(name, (*part.path, "uses", number))
            if name in {answer.function for answer in part.all_answers}:
                self._complain((*part.path, "uses", number), f"`{name}` is this part's own answer")
        most = self._loaded.rubric.follow_through if part.follow_through is None else part.follow_through
        return Part(
            part.id, part.title, Fraction(part.points), kept, tuple(part.uses), Fraction(most if part.uses else 0)
        )

    def helpers(self) -> dict[str, str]:
        """Return the source of each helper that is given away."""
        found: dict[str, str] = {}
        for number, name in enumerate(self._loaded.rubric.give_away):
            try:
                found[name] = helper_source(self._reference, name, self._loaded.rubric.give_away)
            except ValueError as error:
                self._complain(("give_away", number), str(error))
        return found

    def _answer(self, answer: Answer, part_id: str) -> PartAnswer | None:
        if answer.written is not None:
            return WrittenAnswer(answer.written, tuple(answer.criteria))
        name = str(answer.function)
        names = self._function(name, (*answer.path, "function"))
        if names is None:
            return None
        cases = (
            self._case(answer, case, (f"{part_id}/{name}", number), names)
            for number, case in enumerate(answer.cases, 1)
        )
        return FunctionAnswer(name, names, answer.scoring, tuple(case for case in cases if case is not None))

    def _function(self, name: str, path: FieldPath) -> tuple[str, ...] | None:
        """Return the parameters of the reference's function `name`; complain at `path` when there are none."""
        function = self._reference.function(name)
        if function is None:
            close = difflib.get_close_matches(name, self._reference.names(), n=1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            self._complain(path, f"{self._reference.file.name} has no function `{name}`{hint}")
            return None
        try:
            return parameters(function)
        except (TypeError, ValueError):
            text = f"`{name}` of {self._reference.file.name} does not tell its parameters; write it with `def`"
            self._complain(path, text)
            return None

    def _case(
        self, answer: Answer, case: RubricCase, place_and_number: tuple[str, int], names: tuple[str, ...]
    ) -> Case | None:
        name, (place, number) = str(answer.function), place_and_number
        looked_at = case.observe or answer.observe
        hidden = "" if case.visibility == "visible" else "hidden "
        place = f"{place}/{case.name or number}"
        observe = self._observed(case, looked_at, name, names)
        maker = _ArgumentMaker(self, place, case.path)
        written, at = _base(case)
        args = self.made(names, written, place, (*case.path, *at))
        if args is None or observe is None:
            return None
        if place in self.sources:
            # Two of one name have been told already.
            if not (case.name and self.sources[place].case.name):
                text = f"an unnamed case of `{name}` has this number for a name already"
                self._complain((*case.path, "name"), text)
            return None
        around = Surroundings(name, names, observe, args, maker.other, maker.parameters_of)
        wanted = case.property or _NOTHING
        if not case.args and wanted.same_result:
            wanted = wanted.model_copy(update={"same_result": wanted.same_result[1:]})
        try:
            calls, numbers = lay_out(wanted, around)
        except LayoutError as error:
            if str(error):
                self._complain((*case.path, "property", *error.at), str(error))
            return None
        self.sources[place] = Source(
            case, looked_at if isinstance(looked_at, str) else tuple(looked_at), around, numbers
        )
        return Case(
            id=place,
            name=case.name or f"{hidden}case {number}",
            visibility=case.visibility,
            weight=Fraction(case.weight),
            essential=case.essential,
            calls=(around.call(args), *calls),
        )

    def _observed(
        self, case: RubricCase, observe: str | list[str], name: str, names: tuple[str, ...]
    ) -> tuple[int, ...] | None:
        """Return the positions of the arguments that are looked at after the call."""
        kept = case.property.leaves_arguments if case.property else None
        watched = names if kept is True else (kept or ())
        looked_at = [] if isinstance(observe, str) else observe
        for field, wanted in (("observe", looked_at), ("property", watched)):
            if not set(wanted) <= set(names) or len(set(wanted)) != len(wanted):
                at = (*case.path, field, *(("leaves_arguments",) if field == "property" else ()))
                self._complain(at, f"`{name}` has the parameters {', '.join(names) or 'none'}")
                return None
        return tuple(index for index, parameter in enumerate(names) if parameter in {*looked_at, *watched})

    def made(
        self, names: tuple[str, ...], written: Arguments | list[Any], place: str, at: FieldPath
    ) -> Arguments | None:
        """Return the arguments that a rubric writes for parameters `names`; None after complaints."""
        given = written if isinstance(written, dict) else dict(zip(names, written, strict=False))
        if len(given) != len(written) or set(given) != set(names):
            self._complain(at, f"these must be the parameters {', '.join(names) or '(none)'}, each once")
            return None
        made: Arguments = {}
        for position, name in enumerate(names):
            key = name if isinstance(written, dict) else position
            try:
                made[name] = make(given[name], Draws(self._loaded.rubric.seed, f"{place}/{name}"))
            except InputError as error:
                self._complain((*at, key), str(error))
        return made if len(made) == len(names) else None

    def parameters_of(self, function: str, at: FieldPath) -> tuple[str, ...]:
        """Return the parameters of another function of the reference.

        Raises:
            LayoutError: without words; the complaint is made.
        """
        names = self._function(function, at)
        if names is None:
            raise LayoutError("")
        return names


class _ArgumentMaker:
    """Makes the arguments of one case: a drawn argument is the same wherever the case writes it.

    So `{normal: [5]}` beside `{normal: [5], shift: 3}` are one draw and its translation.
    """

    def __init__(self, compiler: _Compiler, place: str, path: FieldPath) -> None:
        self._compiler, self._place, self._path = compiler, place, path

    def parameters_of(self, function: str, at: tuple[str | int, ...]) -> tuple[str, ...]:
        return self._compiler.parameters_of(function, (*self._path, "property", *at))

    def other(self, function: str, written: Any, at: tuple[str | int, ...], left_out: frozenset[str]) -> Arguments:
        names = tuple(name for name in self.parameters_of(function, at) if name not in left_out)
        made = self._compiler.made(names, written, self._place, (*self._path, "property", *at))
        if made is None:
            raise LayoutError("")
        return made


_NOTHING = Property.model_construct()


def _base(case: RubricCase) -> tuple[Arguments | list[Any], FieldPath]:
    """Return the arguments of the call that a case is about, and where they stand."""
    if not case.args and case.property and case.property.same_result:
        return case.property.same_result[0], ("property", "same_result", 0)
    return case.args, ("args",)
