"""What is proved: a rubric with its reference, compiled, and what its author says of its mutants."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.check.dependents import dependents
from grader.check.equivalents import equivalents_file, load_equivalents
from grader.check.mutants import Mutant, mutants
from grader.errors import AuthorError, Problem
from grader.grade import Exam
from grader.key import compile_rubric
from grader.plan import FunctionAnswer, Part
from grader.reference import Reference, load_reference
from grader.rubric import Rubric, load_rubric


@dataclass(frozen=True, slots=True)
class Subject:
    """A compiled rubric.

    Attributes:
        file: the rubric's.
        rubric: as it is written.
        reference: its reference.
        exam: its plan and key.
        equivalents: why a mutant is no mistake, by its id.
        warnings: of the compiler's.
    """

    file: Path
    rubric: Rubric
    reference: Reference
    exam: Exam
    equivalents: dict[str, str]
    warnings: tuple[str, ...]

    @property
    def mistakes(self) -> Path:
        """The module of known mistakes."""
        return self.file.parent / str(self.rubric.mistakes)

    def functions(self) -> dict[str, tuple[str, ...]]:
        """Return, by name, which functions each part asks for or calls."""
        return {part.id: tuple(_called(part)) for part in self.exam.plan.parts()}

    def mutants(self) -> list[tuple[Mutant, frozenset[str]]]:
        """Return each mutant that can change an answer, with the names whose answers it can change."""
        source = self.reference.source.decode()
        users = dependents(source)
        asked = {name for names in self.functions().values() for name in names}
        relevant = [name for name, affected in users.items() if affected & asked]
        return [(mutant, users[mutant.function]) for mutant in mutants(source, relevant)]


def load_subject(file: Path) -> Subject:
    """Read and compile a rubric for a proof.

    Raises:
        AuthorError: the rubric, the reference or the file of equivalent mutants is at fault.
    """
    loaded = load_rubric(file)
    compiled = compile_rubric(loaded, file.parent)
    reference = load_reference(file.parent / loaded.rubric.reference)
    if isinstance(reference, Problem):
        # It has been loaded a moment ago: somebody is writing to it.
        raise AuthorError([reference])
    return Subject(
        file=file,
        rubric=loaded.rubric,
        reference=reference,
        exam=Exam.of(compiled.plan, compiled.key),
        equivalents=load_equivalents(equivalents_file(file)),
        warnings=tuple(map(str, compiled.warnings)),
    )


def _called(part: Part) -> list[str]:
    answers = [answer for answer in part.answers if isinstance(answer, FunctionAnswer)]
    return list(dict.fromkeys(call.function for answer in answers for case in answer.cases for call in case.calls))
