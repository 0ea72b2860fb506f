"""From reports and fates to what is right and wrong with a rubric."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from grader.check.mutants import Mutant
from grader.check.result import (
    MisfitResult,
    MistakeResult,
    MutantResult,
    MutationResult,
    PartResult,
    ReferenceResult,
    TrivialResult,
)
from grader.check.subject import Subject
from grader.check.tasks import Fate
from grader.errors import HostError
from grader.grade import Exam
from grader.key import Mistake
from grader.plan import FunctionAnswer, Plan
from grader.report import PartReport, Report


def reference(
    exam: Exam, reports: Sequence[Report], digests: tuple[str, str], float32: Sequence[Report]
) -> tuple[ReferenceResult, ...]:
    """Return whether the reference is right however it is run.

    Args:
        exam: the plan and the key.
        reports: on the reference, run twice.
        digests: of the plan and the key, compiled in another process.
        float32: a report on the reference with arguments in float32, if the rubric asks for it.
    """
    once, twice = reports
    changed = "" if _timeless(once) == _timeless(twice) else "the two reports differ"
    compiled = "" if digests == (exam.plan.digest, exam.key.digest) else "it answers otherwise there"
    runs = [
        ("graded", _lost(exam.plan, once)),
        ("graded again", _lost(exam.plan, twice) or changed),
        ("compiled in another process", compiled),
        *(("graded with arguments in float32", _lost(exam.plan, report)) for report in float32),
    ]
    return tuple(ReferenceResult(run=run, is_right=not lost, detail=lost) for run, lost in runs)


def trivial(names: Sequence[str], reports: Sequence[Report]) -> tuple[TrivialResult, ...]:
    """Return what submissions earn that answer nothing."""
    return tuple(
        TrivialResult(
            name=name,
            score=_score(report),
            earning=tuple(part.id for part in report.parts if part.score + part.pending_points),
        )
        for name, report in zip(names, map(_sound, reports), strict=True)
    )


def mistakes(known: Sequence[Mistake], marked: Sequence[PartReport | None]) -> tuple[MistakeResult, ...]:
    """Return whether the known mistakes cost points, and are named; one that does not come back has no part."""
    results = []
    for mistake, part in zip(known, marked, strict=True):
        named = [item for item in part.findings if item.answer == mistake.answer] if part else []
        says = next((item.name or item.kind for item in named), "nothing")
        is_named = any((item.kind, item.name) == ("mistake", mistake.name) for item in named)
        results.append(
            MistakeResult(
                part=mistake.part,
                function=mistake.answer,
                name=mistake.name,
                loses=part is None or part.score < part.max_score,
                is_named=is_named,
                named="" if is_named else says,
            )
        )
    return tuple(results)


def mutation(
    subject: Subject, mutants: Sequence[tuple[Mutant, frozenset[str]]], fates: Sequence[Fate], least: float
) -> MutationResult:
    """Return the rubric mutation score, and the mutants that keep full marks."""
    marked, functions = subject.equivalents, subject.functions()
    alive, killed = [], set()
    for (mutant, affected), fate in zip(mutants, fates, strict=True):
        if fate.is_killed:
            killed.add(mutant.id)
            continue
        asking = tuple(part for part, names in functions.items() if affected.intersection(names))
        alive.append(MutantResult(id=mutant.id, parts=asking, diff=mutant.diff, reason=marked.get(mutant.id, "")))
    survivors = tuple(item for item in alive if not item.reason)
    counted = len(killed) + len(survivors)
    return MutationResult(
        mutants=len(mutants),
        killed=len(killed),
        equivalent=tuple(item for item in alive if item.reason),
        survivors=survivors,
        refuted=tuple(name for name in marked if name in killed),
        stale=tuple(name for name in marked if name not in {mutant.id for mutant, _ in mutants}),
        score=round(100 * len(killed) / counted, 2) if counted else 100.0,
        least=least,
    )


def wrong_cases(plan: Plan, marked: Sequence[PartReport | None]) -> list[frozenset[str]]:
    """Return for each part that was marked the ids of the cases that are wrong."""
    ids = {
        (part.id, answer.function, case.name): case.id
        for part in plan.parts()
        for answer in part.answers
        if isinstance(answer, FunctionAnswer)
        for case in answer.cases
    }
    return [
        frozenset(ids[part.id, case.answer, case.name] for case in part.cases if case.status != "right")
        if part
        else frozenset()
        for part in marked
    ]


def problems(
    proofs: Sequence[ReferenceResult],
    empty: Sequence[TrivialResult],
    known: Sequence[MistakeResult],
    mutants: MutationResult,
    misfits: Sequence[MisfitResult],
) -> tuple[str, ...]:
    """Return what is wrong, a sentence each."""
    return (
        *(f"the reference, {item.run}: {item.detail}" for item in proofs if not item.is_right),
        *(f"a submission that {item.name} earns in {', '.join(item.earning)}" for item in empty if item.earning),
        *(f"{item.part}: the mistake `{item.name}` costs nothing" for item in known if not item.loses),
        *(
            f"{item.part}: the mistake `{item.name}` is not named; the report says {item.named}"
            for item in known
            if item.loses and not item.is_named
        ),
        *_mutation_problems(mutants),
        *(
            f"{item.case}: the tolerance is too tight: {item.detail}"
            for item in misfits
            if item.kind == "too_tight"
        ),
    )


def _mutation_problems(mutants: MutationResult) -> Iterator[str]:
    if mutants.score < mutants.least:
        yield f"the mutation score is {mutants.score:g} %, below {mutants.least:g} %"


def warnings(
    mutants: MutationResult, by_part: Sequence[PartResult], misfits: Sequence[MisfitResult]
) -> tuple[str, ...]:
    """Return what is not wrong, but should be known."""
    return (
        *(f"{name} is marked equivalent, but a case catches it" for name in mutants.refuted),
        *(f"{name} is marked equivalent, and is no mutant of the reference any more" for name in mutants.stale),
        *(
            f"{item.id}: all cases are visible, so that answers learnt by heart pay"
            for item in by_part
            if _open(item)
        ),
        *(f"{item.id} is worth 0 points" for item in by_part if not item.points),
        *(f"{item.case}: the tolerance {item.detail}" for item in misfits if item.kind == "too_loose"),
    )


def _open(part: PartResult) -> bool:
    return bool(part.cases) and not part.hidden_share


def _sound(report: Report) -> Report:
    if report.status == "host_fault":
        raise HostError("; ".join(report.staff_messages))
    return report


def _score(report: Report) -> Any:
    assert report.score is not None
    return report.score


def _lost(plan: Plan, report: Report) -> str:
    """Say which cases a report finds wrong that should find none; a written answer is a person's to mark."""
    written = set(plan.variables())
    return "; ".join(
        f"{part.id}/{case.answer}/{case.name} ({case.staff_message.partition(chr(10))[0]})"
        for part in _sound(report).parts
        for case in part.cases
        if case.status != "right" and case.answer not in written
    )


def _timeless(report: Report) -> Report:
    parts = tuple(
        part.model_copy(update={"cases": tuple(case.model_copy(update={"seconds": 0.0}) for case in part.cases)})
        for part in report.parts
    )
    return report.model_copy(update={"parts": parts, "graded_at": "", "seconds": 0.0})
