"""One submission, top to bottom: read, sit, score, report."""

from __future__ import annotations

import dataclasses
import functools
import platform
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from grader import __version__
from grader import outcome as oc
from grader.errors import HostError, UserError
from grader.evidence import blank
from grader.feedback import load_messages
from grader.judge.checker import begin_submission
from grader.key import Key
from grader.late import deduction, known_seconds
from grader.missing import missing_modules
from grader.plainly import printable, told
from grader.plan import Plan
from grader.report import FileReport, PartReport, PersonReport, Provenance, Report, SubmissionReport, points
from grader.sandbox import Box
from grader.score import Marking
from grader.session import sit
from grader.shadows import shadowed_modules
from grader.sheets import Sheets
from grader.submission import Submission
from grader.written import with_prose


@dataclass(frozen=True)
class Exam:
    """A plan and its key, and the provenance that goes into every report.

    Attributes:
        plan: what to ask; perhaps only some of the parts.
        key: what should come.
        provenance: of the whole plan, also when only some of the parts are asked.
    """

    plan: Plan
    key: Key
    provenance: Provenance

    @functools.cached_property
    def sheets(self) -> Sheets:
        """What marking needs and no submission changes."""
        return Sheets(self.plan, self.key)

    @classmethod
    def of(cls, plan: Plan, key: Key) -> Exam:
        """Return the exam that `plan` and `key` make."""
        provenance = Provenance(
            plan=plan.digest,
            key=key.digest,
            rubric=plan.rubric_digest,
            reference=key.reference_digest,
            grader=__version__,
            python=platform.python_version(),
            numpy=np.__version__,
        )
        return cls(plan, key, provenance)

    def only(self, ids: Collection[str]) -> Exam:
        """Return the exam with the parts in `ids` alone.

        Raises:
            UserError: there is no such part.
        """
        known = [part.id for part in self.plan.parts()]
        unknown = [name for name in ids if name not in known]
        if unknown:
            raise UserError(f"there is no part {', '.join(unknown)}; the parts are {', '.join(known)}")
        questions = (
            dataclasses.replace(question, parts=tuple(part for part in question.parts if part.id in ids))
            for question in self.plan.questions
        )
        kept = tuple(question for question in questions if question.parts)
        return dataclasses.replace(self, plan=dataclasses.replace(self.plan, questions=kept))

    def with_seconds(self, seconds: float) -> Exam:
        """Return the exam with another limit for each call."""
        limits = dataclasses.replace(self.plan.limits, seconds=seconds)
        return dataclasses.replace(self, plan=dataclasses.replace(self.plan, limits=limits))


Heard: TypeAlias = Callable[[Callable[[], Report]], None]
"""Is told now and then that more is known of a submission, with what makes a report of that."""


def grade(
    exam: Exam,
    submission: Submission,
    box: Box,
    clock: Callable[[], tuple[float, str]],
    heard: Heard | None = None,
) -> Report:
    """Return the report on one submission.

    A fault of the host's gives a report without a score, never a zero.

    Args:
        exam: what to ask and what should come.
        submission: what was handed in.
        box: where its code runs.
        clock: gives seconds from some start, and the time of day in ISO 8601.
        heard: is told after each case, so that what was graded outlives the grader.
    """
    desk = _Desk(exam, submission, box, clock, clock()[0])

    def so_far(sitting: oc.Sitting) -> None:
        if heard is not None:
            heard(lambda: desk.report(*_completed(exam, with_prose(exam.plan, submission, sitting))))

    try:
        sitting = _sit(exam, submission, box, so_far if heard else None)
        sitting = with_prose(exam.plan, submission, sitting)
        return desk.report(sitting, desk.scored(sitting))
    except HostError as error:
        return desk.report(blank(exam.plan, "the machine could not run it"), (), str(error))


def _completed(exam: Exam, sitting: oc.Sitting) -> tuple[oc.Sitting, tuple[PartReport, ...]]:
    """Return a sitting that is still going on as if it had ended here, and its parts."""
    unasked = blank(exam.plan, "grading had not come to it")
    whole = dataclasses.replace(
        sitting,
        outcomes={**unasked.outcomes, **sitting.outcomes},
        texts={**unasked.texts, **sitting.texts},
    )
    return whole, Marking(exam.plan, exam.key, whole, exam.sheets).parts()


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where one submission is graded, since when."""

    exam: Exam
    submission: Submission
    box: Box
    clock: Callable[[], tuple[float, str]]
    started: float

    def report(self, sitting: oc.Sitting, parts: tuple[PartReport, ...], fault: str = "") -> Report:
        """Return what came of a sitting whose parts are scored; with a fault, of nothing."""
        plan = self.exam.plan
        ended, now = self.clock()
        unreadable = isinstance(sitting.loading, oc.Unreadable)
        score = None if fault else _total(part.score for part in parts)
        max_score = points(sum((part.points for part in plan.parts()), Fraction(0)))
        late = None if score is None else deduction(plan.late, self.submission.origin, score, max_score)
        return Report(
            status="host_fault" if fault else "unreadable" if unreadable else "graded",
            assignment=plan.assignment,
            title=plan.title,
            submission=submission_report(self.submission),
            score=score,
            max_score=max_score,
            pending_points=_total(part.pending_points for part in parts),
            late=late,
            final_score=score if score is None or late is None else score - late.deducted,
            messages=() if fault else tuple(load_messages(sitting.loading, self._shadowed(sitting))),
            staff_messages=(fault,) if fault else tuple(_staff_messages(sitting)),
            missing_modules=missing_modules(sitting, self.submission.sources.values()),
            parts=parts,
            isolation={layer.name: layer.stands for layer in self.box.layers()},
            provenance=self.exam.provenance,
            graded_at=now,
            seconds=round(ended - self.started, 6),
        )

    def _shadowed(self, sitting: oc.Sitting) -> tuple[str, ...]:
        """Return what cannot be imported, where that may be why something is missing."""
        results = (outcome.result for outcomes in sitting.outcomes.values() for outcome in outcomes)
        is_whole = isinstance(sitting.loading, oc.Loaded) and not (
            sitting.loading.failure or sitting.loading.skipped
        )
        if is_whole and not any(isinstance(result, oc.Missing) for result in results):
            return ()
        return shadowed_modules(self.submission.sources, self.submission.entry)

    def scored(self, sitting: oc.Sitting) -> tuple[PartReport, ...]:
        """Score a sitting; what a wrong helper spoils is asked again with a right one, while seconds are left.

        Raises:
            HostError: no worker can be started.
        """
        exam = self.exam
        deadline = self.started + exam.plan.limits.submission_seconds
        begin_submission()
        marking = Marking(exam.plan, exam.key, sitting, exam.sheets)
        followed = []
        for again in marking.again() if isinstance(sitting.loading, oc.Loaded) else ():
            left = max(deadline - self.clock()[0], 0.0)
            limits = dataclasses.replace(again.plan.limits, submission_seconds=left)
            plan = dataclasses.replace(again.plan, limits=limits)
            second = sit(plan, self.submission, self.box, again.lent)
            if isinstance(second.loading, oc.Loaded):
                followed.append(Marking(plan, exam.key, second, exam.sheets))
        return marking.parts(followed)


def _sit(exam: Exam, submission: Submission, box: Box, heard: Callable[[oc.Sitting], None] | None) -> oc.Sitting:
    plan = exam.plan
    if submission.fault:
        raise HostError(submission.fault)
    if submission.problem:
        return blank(plan, submission.problem)
    sitting = sit(plan, submission, box, heard=heard, known=exam.sheets.known)
    if isinstance(sitting.loading, oc.Loaded):
        return sitting
    is_python = not isinstance(sitting.loading, oc.Unreadable)
    reason = "your file could not be loaded" if is_python else "your file is not readable as Python"
    return dataclasses.replace(blank(plan, reason), loading=sitting.loading, import_printed=sitting.import_printed)


def submission_report(submission: Submission) -> SubmissionReport:
    """Return what a report says of what was handed in, by whom and when."""
    origin = submission.origin
    return SubmissionReport(
        id=submission.id,
        files=tuple(FileReport.of(file.name, file.sha256, file.size) for file in submission.files),
        platform=_word(origin.platform),
        people=tuple(
            PersonReport(id=_word(person.id), name=_word(person.name), email=_word(person.email))
            for person in origin.people
        ),
        submitted_at=_word(origin.submitted_at),
        late=origin.late,
        late_seconds=known_seconds(origin),
        notes=tuple(told(note) for note in origin.notes),
    )


def _word(text: str) -> str:
    """Return a stranger's word on one line, harmless and no longer than an honest one."""
    return printable(text)[:300]


def _staff_messages(sitting: oc.Sitting) -> list[str]:
    failure = getattr(sitting.loading, "failure", None)
    trace = failure.trace if isinstance(failure, oc.Raised) else ""
    printed = f"printed at import: {sitting.import_printed.rstrip()}" if sitting.import_printed else ""
    return [told(text) for text in (trace, printed) if text]


def _total(scores: Iterable[Decimal]) -> Decimal:
    return sum(scores, Decimal(0))
