"""What each part and each case of a rubric is good for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from grader.check.result import CaseResult, PartResult
from grader.check.subject import Subject
from grader.plan import FunctionAnswer, Part, Plan
from grader.report import Report, points


def parts(subject: Subject, report: Report, affected: Sequence[frozenset[str]]) -> tuple[PartResult, ...]:
    """Return a line for each part.

    Args:
        subject: what is proved.
        report: on the reference.
        affected: the names that each mutant can change.
    """
    functions = subject.functions()
    mistakes = [mistake.part for mistake in subject.exam.key.mistakes]
    seconds = {part.id: sum(case.seconds for case in part.cases) for part in report.parts}
    return tuple(
        PartResult(
            id=part.id,
            title=part.title,
            points=points(part.points),
            cases=sum(len(answer.cases) for answer in _functions(part)),
            hidden_share=round(float(hidden_share(part)), 4),
            mistakes=mistakes.count(part.id),
            mutants=sum(not names.isdisjoint(functions[part.id]) for names in affected),
            seconds=round(seconds[part.id], 6),
        )
        for part in subject.exam.plan.parts()
    )


def hidden_share(part: Part) -> Fraction:
    """Return the share of the cases that students do not see, by their weights."""
    shares = []
    for answer in _functions(part):
        hidden = [case.weight for case in answer.cases if case.visibility != "visible"]
        shares.append(sum(hidden, Fraction(0)) / sum(case.weight for case in answer.cases))
    return sum(shares, Fraction(0)) / len(shares) if shares else Fraction(0)


def cases(plan: Plan, caught: Collection[frozenset[str]]) -> tuple[CaseResult, ...]:
    """Return a line for each case.

    Args:
        plan: the paper.
        caught: for each mistake and mutant, the ids of the cases that find it wrong.
    """
    return tuple(
        CaseResult(
            id=case.id,
            catches=sum(case.id in ids for ids in caught),
            alone=sum(ids == {case.id} for ids in caught),
        )
        for case in plan.cases()
    )


def _functions(part: Part) -> list[FunctionAnswer]:
    return [answer for answer in part.answers if isinstance(answer, FunctionAnswer)]
