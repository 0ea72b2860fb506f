r"""A report as PrairieLearn's `results.json`.

By PrairieLearn's page *External grading*, section *Grading results*, and its element `pl-external-grader-results`:

1. `score` is a share from 0 to 1 of what can be marked by machine; what a person marks is PrairieLearn's manual
   part.
2. `tests` have `name`, `points`, `max_points` and `output`; one for each part. All have their points, or none is
   shown.
3. `gradable: false` costs the student neither points nor an attempt, and `format_errors` say why: so it is when
   the machine was at fault.
4. The element turns `message` and `output` from ANSI to HTML, which escapes the HTML in them, and shows the others
   escaped: no text here holds an escape sequence.
5. The file may have 1 MB.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from grader.render.wording import line, part_lines, whole_lines
from grader.report import PartReport, Report

_MOST_PARTS = 200


def prairielearn(report: Report) -> str:
    """Return a report, reduced to what its reader may see, as a file's content."""
    said = list(whole_lines(report))
    if report.score is None:
        return _json({"gradable": False, "format_errors": said})
    content = {
        "gradable": True,
        "score": _share(report),
        "message": "\n".join(said),
        "tests": [_test(part) for part in report.parts[:_MOST_PARTS]],
    }
    return _json(content)


def _test(part: PartReport) -> dict[str, Any]:
    return {
        "name": line(f"{part.id} {part.title}", 300),
        "points": float(part.score),
        "max_points": float(part.max_score - part.pending_points),
        "output": "\n".join(part_lines(part)),
    }


def _share(report: Report) -> float:
    """Return the points after the deduction as a share of those that no person must still give."""
    automatic = report.max_score - report.pending_points
    earned = report.final_score if report.final_score is not None else report.score or Decimal(0)
    return float(min(max(earned / automatic, Decimal(0)), Decimal(1))) if automatic > 0 else 1.0


def _json(content: dict[str, Any]) -> str:
    # ASCII alone: no reader's encoding can change it.
    return json.dumps(content, indent=2) + "\n"
