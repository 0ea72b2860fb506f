"""`grader gradescope`: the zip that Gradescope asks for, and what to enter there."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from grader.attempts import automatic_points
from grader.build.gradescope import autograder_zip
from grader.cli.packing import write_zip
from grader.key import compile_rubric
from grader.plan import Plan
from grader.render.autograded import ungraded, veil_of
from grader.report import plain, points
from grader.rubric import load_rubric
from grader.rubric.gradescope import Gradescope

_CONTAINER_SECONDS = 600
"""How long Gradescope waits by default."""
_ASIDE_SECONDS = 60
NOT_YET = "Not graded yet"
NOT_YET_LINES = ("This submission has not been graded, or grading it was ended from outside.",)


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for."""

    rubric: Path
    out: Path


def build_autograder(request: Request) -> int:
    """Write the zip, say what to enter at Gradescope, and return the exit status.

    Raises:
        GraderError: the rubric cannot be compiled, or the zip not be written.
    """
    loaded = load_rubric(request.rubric)
    compiled = compile_rubric(loaded, loaded.document.file.parent)
    for warning in compiled.warnings:
        _say(f"warning: {warning}")
    settings = loaded.rubric.gradescope
    content = autograder_zip(compiled.plan, compiled.key, settings, placeholder(compiled.plan, settings))
    write_zip(request.out, content)
    sys.stdout.write(_told(request.out, len(content), compiled.plan))
    return 0


def placeholder(plan: Plan, settings: Gradescope) -> str:
    """Return the results that stand before there are any."""
    veil = veil_of((case.visibility for case in plan.cases()), settings)
    return ungraded(NOT_YET, NOT_YET_LINES, 0.0, veil, alarm=True).to_json()


def _told(out: Path, size: int, plan: Plan) -> str:
    most = sum((points(part.points) for part in plan.parts()), Decimal(0))
    automatic = automatic_points(plan)
    written = most - automatic
    lines = [
        f"{out}: {size / 1024:.0f} KB; {plan.assignment}: {plain(most)} points, {plain(automatic)} automatic",
        f"At Gradescope: Autograder points {plain(automatic)}; upload the zip under Configure Autograder.",
    ]
    if written:
        lines.append(f"Manual Grading: a question of {plain(written)} points, for the written answers.")
    slow = plan.limits.submission_seconds + _ASIDE_SECONDS
    if slow > _CONTAINER_SECONDS:
        lines.append(
            f"The rubric allows a submission {plan.limits.submission_seconds:g} s: "
            f"set the container's timeout to more than {slow / 60:.0f} minutes, or it ends the grading."
        )
    return "".join(f"{line}\n" for line in lines)


def _say(line: str) -> None:
    print(f"grader: {line}", file=sys.stderr)  # noqa: T201  (a command's voice)
