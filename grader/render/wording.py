"""What a student reads about a part in a few lines, for the platforms that have little room."""

from __future__ import annotations

from collections.abc import Iterator

from grader.plainly import printable
from grader.report import CaseReport, PartReport, Report

_MOST = 5
_LONGEST = 600
STATUS = {
    "right": "right",
    "partial": "partly right",
    "wrong": "wrong",
    "no_answer": "no answer",
    "needs_review": "a person marks it",
}


def line(text: str, most: int = _LONGEST) -> str:
    """Return a stranger's text on one line, harmless and bounded."""
    clean = printable(text[: most + 1])
    return clean if len(clean) <= most else f"{clean[:most]}…"


def case_title(case: CaseReport) -> str:
    """Return which case this is, and whether its inputs are shown."""
    hidden = "" if case.visibility == "visible" else f" ({case.visibility.replace('_', ' ')})"
    return line(f"{case.answer}: {case.name}{hidden}", 200)


def part_lines(part: PartReport) -> list[str]:
    """Return a line for each of the first cases that are not right, and then the advice.

    Those come first that a student can act on.
    """
    failing = [case for case in part.cases if case.status != "right"]
    failing.sort(key=lambda case: case.visibility != "visible")
    lines = [f"{case_title(case)}: {line(case.message or STATUS[case.status])}" for case in failing[:_MOST]]
    if len(failing) > _MOST:
        rest = len(failing) - _MOST
        lines.append(f"and {rest} more case{'s' * (rest > 1)}")
    return lines + [f"→ {line(finding.message)}" for finding in part.findings]


def whole_lines(report: Report) -> Iterator[str]:
    """Yield what there is to say about the submission as a whole."""
    if report.status == "host_fault":
        yield "Not graded: the machine was at fault, not the submission."
    yield from (line(message) for message in report.messages)
    if report.late is not None:
        yield line(report.late.message)
