"""Is this rubric any good? Proved by grading what is right, what is worth nothing, and what is nearly right."""

from grader.check.pool import Progress
from grader.check.proof import Terms, prove
from grader.check.result import CheckResult
from grader.check.subject import Subject, load_subject

__all__ = ["CheckResult", "Progress", "Subject", "Terms", "load_subject", "prove"]
