"""One submission, top to bottom: read, sit, score, report."""

from __future__ import annotations

import dataclasses
import platform
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from grader import __version__
from grader import outcome as oc
from grader.errors import HostError, UserError
from grader.feedback import load_messages
from grader.key import Key
from grader.plainly import printable, told
from grader.plan import Plan
from grader.report import FileReport, Provenance, Report, SubmissionReport, points
from grader.sandbox import Box, Layer
from grader.score import blank, score
from grader.session import sit
from grader.submission import Submission


@dataclass(frozen=True, slots=True)
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


def grade(exam: Exam, submission: Submission, box: Box, clock: Callable[[], tuple[float, str]]) -> Report:
    """Return the report on one submission.

    A fault of the host's gives a report without a score, never a zero.

    Args:
        exam: what to ask and what should come.
        submission: what was handed in.
        box: where its code runs.
        clock: gives seconds from some start, and the time of day in ISO 8601.
    """
    started, _ = clock()
    plan = exam.plan
    fault = ""
    try:
        sitting = _sit(plan, submission, box)
    except HostError as error:
        sitting, fault = blank(plan, "the machine could not run it"), str(error)
    parts = () if fault else score(plan, exam.key, sitting)
    ended, now = clock()
    unreadable = isinstance(sitting.loading, oc.Unreadable)
    return Report(
        status="host_fault" if fault else "unreadable" if unreadable else "graded",
        assignment=plan.assignment,
        title=plan.title,
        submission=_submission(submission),
        score=None if fault else _total(part.score for part in parts),
        max_score=points(sum((part.points for part in plan.parts()), Fraction(0))),
        pending_points=_total(part.pending_points for part in parts),
        messages=() if fault else tuple(load_messages(sitting.loading)),
        staff_messages=(fault,) if fault else tuple(_staff_messages(sitting)),
        parts=parts,
        isolation={layer.name: _stands(layer) for layer in box.layers()},
        provenance=exam.provenance,
        graded_at=now,
        seconds=round(ended - started, 6),
    )


def _sit(plan: Plan, submission: Submission, box: Box) -> oc.Sitting:
    if submission.problem:
        return blank(plan, submission.problem)
    sitting = sit(plan, submission, box)
    if isinstance(sitting.loading, oc.Loaded):
        return sitting
    is_python = not isinstance(sitting.loading, oc.Unreadable)
    reason = "your file could not be loaded" if is_python else "your file is not readable as Python"
    return dataclasses.replace(blank(plan, reason), loading=sitting.loading, import_printed=sitting.import_printed)


def _stands(layer: Layer) -> str:
    return "in force" if layer.in_force else f"not in force: {layer.detail}"


def _submission(submission: Submission) -> SubmissionReport:
    files = (FileReport(name=printable(f.name)[:300], sha256=f.sha256, bytes=f.size) for f in submission.files)
    return SubmissionReport(id=submission.id, files=tuple(files))


def _staff_messages(sitting: oc.Sitting) -> list[str]:
    failure = getattr(sitting.loading, "failure", None)
    trace = failure.trace if isinstance(failure, oc.Raised) else ""
    printed = f"printed at import: {sitting.import_printed.rstrip()}" if sitting.import_printed else ""
    return [told(text) for text in (trace, printed) if text]


def _total(scores: Iterable[Decimal]) -> Decimal:
    return sum(scores, Decimal(0))
