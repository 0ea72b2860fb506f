"""The proof of a rubric, from what is graded for it to what that shows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from grader.check import findings as fd
from grader.check.agenda import run_agenda
from grader.check.calibration import too_loose, too_tight
from grader.check.pool import Progress, Setup, run_all
from grader.check.result import CheckResult, MisfitResult
from grader.check.subject import Subject
from grader.check.tally import cases, parts
from grader.check.tasks import Clock
from grader.check.trivial import trivial_sources
from grader.report import points


@dataclass(frozen=True, slots=True)
class Terms:
    """How a proof is done.

    Attributes:
        least: mutation score below which something is wrong, in percent.
        jobs: how many processes grade.
        protected: paths that no submission may read.
        clock: as `grade` takes it; at the top level of a module.
    """

    least: float
    jobs: int
    protected: tuple[Path, ...]
    clock: Clock


def prove(subject: Subject, terms: Terms, progress: Progress) -> CheckResult:
    """Grade all that the proof needs and return what it shows.

    Raises:
        HostError: the machine is at fault.
    """
    started, _ = terms.clock()
    exam, known = subject.exam, subject.exam.key.mistakes
    mutants = subject.mutants()
    setup = Setup(exam, terms.protected, terms.clock)
    results = run_agenda(subject, mutants, lambda tasks: run_all(setup, tasks, terms.jobs, progress))
    reference = fd.reference(exam, results.reference, results.compiled, results.float32)
    trivial = fd.trivial(list(trivial_sources(exam.plan)), results.trivial)
    mistakes = fd.mistakes(known, results.mistakes)
    mutation = fd.mutation(subject, mutants, results.mutants, terms.least)
    calibration = _calibration(subject)
    by_part = parts(subject, results.reference[0], [affected for _, affected in mutants])
    caught = [*fd.wrong_cases(exam.plan, results.mistakes), *(fate.failed for fate in results.mutants)]
    problems = fd.problems(reference, trivial, mistakes, mutation, calibration)
    ended, _ = terms.clock()
    return CheckResult(
        assignment=exam.plan.assignment,
        title=exam.plan.title,
        points=points(sum((part.points for part in exam.plan.parts()), Fraction(0))),
        is_good=not problems,
        problems=problems,
        warnings=(*subject.warnings, *fd.warnings(mutation, by_part, calibration)),
        reference=reference,
        trivial=trivial,
        mistakes=mistakes,
        mutation=mutation,
        parts=by_part,
        cases=cases(exam.plan, caught),
        calibration=calibration,
        seconds=round(ended - started, 3),
    )


def _calibration(subject: Subject) -> tuple[MisfitResult, ...]:
    plan, key, is_narrow = subject.exam.plan, subject.exam.key, subject.rubric.float32
    misfits = [*too_tight(plan, key, subject.reference, float32=is_narrow), *too_loose(plan, key)]
    return tuple(MisfitResult(case=item.case, kind=item.kind, detail=item.detail) for item in misfits)
