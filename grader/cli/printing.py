"""Reports alone on standard output: as JSON, or as a platform reads one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias

from grader.errors import UserError
from grader.render.autolab import autolab
from grader.render.junit import junit
from grader.render.markdown import markdown
from grader.render.prairielearn import prairielearn
from grader.report import Report, for_student

Form: TypeAlias = Literal["json", "junit", "prairielearn", "autolab", "markdown"]
_FORMS: Final[dict[str, Callable[[Report], str]]] = {
    "autolab": autolab,
    "junit": junit,
    "markdown": markdown,
    "prairielearn": prairielearn,
}


def check_form(form: Form, count: int) -> None:
    """Refuse a form that holds one report where there are others.

    Raises:
        UserError: there is not exactly one.
    """
    if form != "json" and count > 1:
        raise UserError(f"--format {form} is for one submission, and there are {count}")


def print_reports(reports: Sequence[Report], form: Form, *, student: bool) -> None:
    """Print reports; what a platform shows is for students, so such a form holds nothing else."""
    pipe_utf8()
    if form != "json":
        sys.stdout.writelines(_FORMS[form](for_student(report)) for report in reports)
        return
    shown = [for_student(report) if student else report for report in reports]
    if len(shown) == 1:
        sys.stdout.write(shown[0].to_json())
    else:
        items = [json.loads(report.to_json()) for report in shown]
        sys.stdout.write(json.dumps(items, indent=2, ensure_ascii=False) + "\n")


def pipe_utf8() -> None:
    """Make what is no terminal's UTF-8: files and programs expect it, and Windows pipes by a code page."""
    if hasattr(sys.stdout, "reconfigure") and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")
