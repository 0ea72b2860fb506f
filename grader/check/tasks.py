"""What is graded for a proof: a submission in full, known mistakes, mutants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from grader import outcome as oc
from grader.check.crowd import Candidate, sit_together
from grader.check.papers import asking, in_float32, only_functions
from grader.grade import Exam, grade
from grader.judge import Right, judge_answer
from grader.key import Key, compile_rubric
from grader.plan import FunctionAnswer, Plan
from grader.report import PartReport, Report
from grader.rubric import load_rubric
from grader.sandbox import Box
from grader.score import Marking
from grader.submission import Submission

Clock: TypeAlias = Callable[[], tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Room:
    """What a task needs.

    Attributes:
        exam: the whole.
        box: where submissions run.
        clock: as `grade` takes it.
    """

    exam: Exam
    box: Box
    clock: Clock


@dataclass(frozen=True, slots=True)
class Graded:
    """Grade a submission in full; with `float32`, arrays of float64 are handed over as float32."""

    submission: Submission
    float32: bool = False

    def run(self, room: Room) -> Report:
        """Return the report; without follow-through, which is for students."""
        plan = in_float32(room.exam.plan) if self.float32 else replace(room.exam.plan, helpers={})
        return grade(replace(room.exam, plan=plan), self.submission, room.box, room.clock)


@dataclass(frozen=True, slots=True)
class Compiled:
    """Compile the rubric in `file` anew."""

    file: Path

    def run(self, _room: Room) -> tuple[str, str]:
        """Return the digests of its plan and its key."""
        compiled = compile_rubric(load_rubric(self.file), self.file.parent)
        return compiled.plan.digest, compiled.key.digest


@dataclass(frozen=True, slots=True)
class Marked:
    """Mark modules with a known mistake each, for the part that it belongs to.

    Attributes:
        sources: of the modules.
        parts: the id of each one's part.
        beside: files that they import.
    """

    sources: tuple[bytes, ...]
    parts: tuple[str, ...]
    beside: dict[str, bytes]

    def run(self, room: Room) -> list[PartReport | None]:
        """Return each one's part, marked; None for one that did not come back."""
        plans = [only_functions(room.exam.only([part]).plan) for part in self.parts]
        candidates = [Candidate(*pair) for pair in zip(self.sources, plans, strict=True)]
        sittings = sit_together(candidates, self.beside, room.box)
        return [
            Marking(plan, room.exam.key, sitting).parts()[0] if sitting else None
            for plan, sitting in zip(plans, sittings, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant.

    Attributes:
        failed: ids of the cases that it does not get right.
        hung: a call did not come back, and no more was asked.
    """

    failed: frozenset[str]
    hung: bool = False

    @property
    def is_killed(self) -> bool:
        """Whether it loses points."""
        return self.hung or bool(self.failed)


@dataclass(frozen=True, slots=True)
class Tried:
    """See which cases mutants get wrong.

    Attributes:
        sources: of the modules.
        affected: the names whose answers each one can change.
    """

    sources: tuple[bytes, ...]
    affected: tuple[frozenset[str], ...]

    def run(self, room: Room) -> list[Fate]:
        """Return what became of each."""
        plans = [asking(room.exam.plan, names) for names in self.affected]
        candidates = [Candidate(*pair) for pair in zip(self.sources, plans, strict=True)]
        sittings = sit_together(candidates, {}, room.box)
        return [
            Fate(frozenset(_failed(plan, room.exam.key, sitting))) if sitting else Fate(frozenset(), hung=True)
            for plan, sitting in zip(plans, sittings, strict=True)
        ]


Task: TypeAlias = Graded | Compiled | Marked | Tried


def _failed(plan: Plan, key: Key, sitting: oc.Sitting) -> Iterator[str]:
    expectations = {item.case: item for item in key.expectations}
    for part in plan.parts():
        for answer in part.answers:
            for case in answer.cases if isinstance(answer, FunctionAnswer) else ():
                assert isinstance(answer, FunctionAnswer)
                question = expectations[case.id].question(answer, case, key.shape_credit)
                if not isinstance(judge_answer(question, sitting.outcomes[case.id]), Right):
                    yield case.id
