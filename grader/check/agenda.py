"""What is to be graded for a rubric's proof, and what each result belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from grader.check.impostors import submission, with_variant
from grader.check.mutants import Mutant
from grader.check.subject import Subject
from grader.check.tasks import Compiled, Fate, Graded, Marked, Task, Tried
from grader.check.trivial import trivial_sources
from grader.report import PartReport, Report

_TOGETHER = 16
"""Modules before one worker: with more, starting it is no longer what takes the time."""


@dataclass(frozen=True, slots=True)
class Results:
    """What came of the tasks.

    Attributes:
        reference: reports on it.
        compiled: digests of the plan and the key, made elsewhere.
        float32: a report on the reference with arguments in float32, if the rubric asks for it.
        trivial: reports on submissions that answer nothing.
        mistakes: the marked part of each known mistake; None for one that did not come back.
        mutants: what became of each.
    """

    reference: list[Report]
    compiled: tuple[str, str]
    float32: list[Report]
    trivial: list[Report]
    mistakes: list[PartReport | None]
    mutants: list[Fate]


def run_agenda(
    subject: Subject,
    mutants: Sequence[tuple[Mutant, frozenset[str]]],
    run: Callable[[Sequence[Task]], list[Any]],
) -> Results:
    """Have everything graded that the proof needs.

    Args:
        subject: what is proved.
        mutants: with the names whose answers each can change.
        run: runs tasks and returns their results in order.
    """
    reference = Graded(submission("reference", subject.reference.source))
    narrow = [Graded(reference.submission, float32=True)] if subject.rubric.float32 else []
    trivial = [
        Graded(submission(f"trivial: {name}", source.encode()))
        for name, source in trivial_sources(subject.exam.plan).items()
    ]
    single: list[Task] = [reference, reference, Compiled(subject.file.absolute()), *narrow, *trivial]
    marked = list(_marked(subject))
    tried = [
        Tried(tuple(mutant.source.encode() for mutant, _ in group), tuple(affected for _, affected in group))
        for group in _groups(mutants)
    ]
    # The longest first, lest one of them be waited for at the end.
    results = run([*tried, *marked, *single])
    fates, parts = results[: len(tried)], results[len(tried) : len(tried) + len(marked)]
    once, twice, compiled, *reports = results[len(tried) + len(marked) :]
    return Results(
        reference=[once, twice],
        compiled=compiled,
        float32=reports[: len(narrow)],
        trivial=reports[len(narrow) :],
        mistakes=[part for group in parts for part in group],
        mutants=[fate for group in fates for fate in group],
    )


def _marked(subject: Subject) -> Iterator[Marked]:
    if not subject.exam.key.mistakes:
        return
    file, reference = subject.mistakes, subject.reference
    beside = {reference.file.name: reference.source, file.name: file.read_bytes()}
    for group in _groups(subject.exam.key.mistakes):
        sources = (with_variant(reference.source, file.stem, item.name, item.answer) for item in group)
        yield Marked(tuple(sources), tuple(item.part for item in group), beside)


def _groups(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _TOGETHER):
        yield items[start : start + _TOGETHER]
