"""The rows of a gradebook in the shapes that Canvas, Moodle and Gradescope have.

**Canvas** (*Grades > Import*), by its importer, `lib/gradebook_importer.rb` in instructure/canvas-lms:

1. The columns start with `Student, ID, SIS User ID, SIS Login ID, Section`; then one for each assignment, found by
   its title, or by the number in brackets that an export has there. A title that Canvas does not know makes a new
   assignment.
2. A row whose first cell holds *Points Possible* has the maxima.
3. A student is found by `ID` (Canvas's own number), else by `SIS User ID`, else by `SIS Login ID`, else by name.
   `ID` is read up to the first character that is no digit: only a number that came from Canvas goes there.

**Moodle** (the assignment's *Upload grading worksheet*), by `mod/assign/feedback/offline/importgradeslib.php` and
`locallib.php` in moodle/moodle:

1. `Identifier`, `Grade` and `Last modified (grade)` must be there, in the site's language; the others may be. A
   student is found by the number in `Identifier`, *Participant 123*, which the names in a download hold.
2. *Last modified* says which grade the new one replaces. It is empty: over grades that are there already, the
   worksheet is uploaded with *Allow updating records that have been modified more recently in Moodle*.
3. A column of feedback would replace what staff wrote: there is none.
4. For those who did not come from Moodle, `ID number` and `Email address` serve the course's own import of grades.

**Gradescope** has no documented import of marks. This is the shape of what *Download grades* gives for one
assignment, as a dozen public programs and their tests have it, so that theirs and ours can be merged by `SID` or
`Email`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal

from grader.render.sheet import Cell
from grader.report import PersonReport, Report


def final(report: Report) -> Decimal | None:
    """Return the points after the deduction."""
    return report.score if report.final_score is None else report.final_score


def canvas_head(first: Report | None, _parts: Sequence[str]) -> list[list[Cell]]:
    """Return the row of titles and the row of maxima."""
    columns: list[Cell] = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    if first is None:
        return [columns]
    return [[*columns, first.title], ["    Points Possible", None, None, None, None, first.max_score]]


def canvas_row(report: Report, person: PersonReport, _parts: Sequence[str]) -> list[Cell]:
    """Return one student's row."""
    theirs = report.submission.platform == "canvas" and person.id.isdecimal()
    ids = [person.id, None, None] if theirs else [None, person.id, person.email or person.id]
    return [person.name or person.id or report.submission.id, *ids, None, final(report)]


def moodle_head(_first: Report | None, _parts: Sequence[str]) -> list[list[Cell]]:
    """Return the row of titles."""
    whose: list[Cell] = ["Identifier", "Full name", "ID number", "Email address"]
    return [[*whose, "Grade", "Maximum Grade", "Last modified (grade)"]]


def moodle_row(report: Report, person: PersonReport, _parts: Sequence[str]) -> list[Cell]:
    """Return one student's row."""
    theirs = report.submission.platform == "moodle"
    participant = f"Participant {person.id}" if theirs and person.id.isdecimal() else None
    number = None if theirs else person.id
    name = person.name or report.submission.id
    return [participant, name, number, person.email, final(report), report.max_score, None]


def gradescope_head(first: Report | None, parts: Sequence[str]) -> list[list[Cell]]:
    """Return the row of titles: a part's holds its title and points, as a question's does there."""
    known = {part.id: part for part in first.parts} if first else {}
    titles: list[Cell] = [
        f"{part}: {known[part].title} ({float(known[part].max_score)} pts)" if part in known else part
        for part in parts
    ]
    columns = ("First Name", "Last Name", "SID", "Email", "Total Score", "Max Points", "Status", "Submission ID")
    return [[*columns, "Submission Time", "Lateness (H:M:S)", *titles]]


def gradescope_row(report: Report, person: PersonReport, parts: Sequence[str]) -> list[Cell]:
    """Return one student's row."""
    first, _, last = (person.name or report.submission.id).rpartition(" ")
    by_id = {part.id: part.score for part in report.parts}
    return [
        first,
        last,
        person.id,
        person.email,
        final(report),
        report.max_score,
        "Ungraded" if report.pending_points else "Graded",
        report.submission.id.removeprefix("submission_"),
        _moment(report.submission.submitted_at),
        _clock_time(report.submission.late_seconds),
        *(by_id.get(part) for part in parts),
    ]


def _moment(iso: str) -> str:
    try:
        return dt.datetime.fromisoformat(iso).strftime("%Y-%m-%d %H:%M:%S %z").rstrip()
    except ValueError:
        return iso


def _clock_time(seconds: float | None) -> str | None:
    if seconds is None or not math.isfinite(seconds):
        return None
    minutes, second = divmod(max(int(seconds), 0), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"
