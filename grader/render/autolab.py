"""A report as what an Autolab autograder prints.

By Autolab's pages *Guide for Lab Authors* and *Formatted Feedback*:

1. The last line is the *autoresult*: JSON with `scores` by the name of each problem, which must be those of the
   lab. They are the ids of the parts.
2. The line before it, JSON with `_presentation: semantic`, has the feedback: `stages`, and for each of them what
   passed, and a `hint` for what did not.
3. When the machine was at fault there are no scores: none is better than a wrong one.
4. How the page shows a hint is not documented; without angle brackets none can be markup there.
"""

from __future__ import annotations

import json
from typing import Any

from grader.render.wording import line, part_lines, whole_lines
from grader.report import PartReport, Report, plain

_BRACKETS = str.maketrans({"<": "\u2039", ">": "\u203a", "&": "+"})


def autolab(report: Report) -> str:
    """Return a report, reduced to what its reader may see, as two lines."""
    about = [_safe(item) for item in whole_lines(report)]
    if report.score is None:
        return _lines({"Grading": {"graded": {"passed": False, "hint": " ".join(about)}}}, {})
    stages: dict[str, dict[str, Any]] = {}
    if about:
        stages["Submission"] = {"read": {"passed": report.status == "graded", "hint": " ".join(about)}}
    for part in report.parts:
        stages.setdefault(f"Question {_safe(part.question)}", {})[_name(part)] = _result(part)
    return _lines(stages, {_safe(line(part.id, 100)): float(part.score) for part in report.parts})


def _result(part: PartReport) -> dict[str, Any]:
    passed = part.score == part.max_score - part.pending_points
    hint = _safe(" | ".join(part_lines(part)))
    return {"passed": passed, **({"hint": hint} if hint else {})}


def _name(part: PartReport) -> str:
    return _safe(line(f"{part.id} {part.title} ({plain(part.score)}/{plain(part.max_score)})", 300))


def _safe(text: str) -> str:
    return line(text, 4000).translate(_BRACKETS)


def _lines(stages: dict[str, dict[str, Any]], scores: dict[str, float]) -> str:
    feedback = {"_presentation": "semantic", "stages": list(stages), **stages}
    return f"{json.dumps(feedback)}\n{json.dumps({'scores': scores})}\n"
