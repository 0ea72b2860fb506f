"""A report as Gradescope's results: a test for each part, what a student may read of it, and the score.

`hidden: counted`, the default, shows each part's points in one visible test: what hidden cases gave is in them,
and how many of them are right is said, each fault in its one general sentence. With the other settings a part that
has hidden cases is two tests: a visible one without points, about its visible cases alone, and one that holds the
points and is hidden as the setting says.

All texts are in the format `text`, which shows markup as it is written.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from grader import __version__
from grader.plainly import told
from grader.render.gradescope import GradedTest, LeaderboardEntry, Results
from grader.report import CaseReport, PartReport, Report, plain
from grader.rubric.gradescope import Gradescope, Leader
from grader.rubric.model import Visibility

_MOST_MESSAGES = 8
_MESSAGE = 1500
_OUTPUT = 16_000
_WHOLE = 20_000
_STRICTNESS: tuple[Visibility, ...] = ("visible", "after_due_date", "after_published", "hidden")

NOT_A_MARK = "This is not your mark. Tell course staff; they can run the grading again."


def results(
    report: Report,
    settings: Gradescope,
    lines: Sequence[str] = (),
    shown_score: float | None = None,
    *,
    whole: bool = True,
) -> Results:
    """Return what Gradescope shows of a report that has a score.

    Args:
        report: what was given; of its staff's words none is used.
        settings: the rubric's.
        lines: more for the student to read, above all tests.
        shown_score: in place of the report's own, where an earlier one counts.
        whole: the grading came to its end. If not, it is no attempt of the student's.
    """
    score = _final(report) if shown_score is None else shown_score
    return Results(
        score=score,
        execution_time=float(math.ceil(report.seconds)),
        output=_bounded([*lines, *report.messages, *_awaiting(report)], _WHOLE),
        output_format="text",
        test_output_format="text",
        test_name_format="text",
        visibility="visible",
        stdout_visibility="hidden",
        extra_data={"grader": __version__, "counted": whole},
        tests=(*_late(report, settings), *_tests(report, settings)),
        leaderboard=tuple(_leaders(report, settings, score)) or None,
    )


def ungraded(title: str, lines: Sequence[str], score: float, veil: Visibility, *, alarm: bool) -> Results:
    """Return results of a submission that was not graded.

    Args:
        title: why, in a few words.
        lines: for the student to read.
        score: an earlier submission's, or 0: Gradescope takes no results without one.
        veil: what hides the assignment's totals, if anything does.
        alarm: it was not the student's doing.
    """
    told_why = _bounded([*lines, *((NOT_A_MARK,) if alarm else ())], _WHOLE)
    notice = GradedTest(
        name=title,
        status="failed" if alarm else None,
        output=told_why,
        output_format="text",
        tags=("not-graded",),
        visibility="visible",
    )
    hiding = GradedTest(name="Points", score=score, visibility=veil)
    return Results(
        score=score,
        execution_time=0.0,
        output=told_why,
        output_format="text",
        test_output_format="text",
        test_name_format="text",
        visibility="visible",
        stdout_visibility="hidden",
        extra_data={"grader": __version__, "counted": False},
        tests=(notice,) if veil == "visible" else (notice, hiding),
    )


def veil_of(visibilities: Iterable[Visibility], settings: Gradescope) -> Visibility:
    """Return the visibility of the points that cases of these visibilities gave."""
    if settings.hidden == "counted":
        return "visible"
    meant: Visibility = "hidden" if settings.hidden == "separate" else settings.hidden
    found = (meant if item == "hidden" else item for item in visibilities)
    return max(found, key=_STRICTNESS.index, default="visible")


def shows_points(part: PartReport, settings: Gradescope) -> bool:
    """Whether students see a part's points as soon as it is graded."""
    return _veil(part, settings) == "visible"


def _veil(part: PartReport, settings: Gradescope) -> Visibility:
    return veil_of((case.visibility for case in part.cases), settings)


def _final(report: Report) -> float:
    final = report.score if report.final_score is None else report.final_score
    return float(final or 0)


def _awaiting(report: Report) -> Iterator[str]:
    if report.pending_points:
        automatic = plain(report.max_score - report.pending_points)
        yield (
            f"{automatic} of {plain(report.max_score)} points are given here; "
            f"{plain(report.pending_points)} more wait for a person who marks."
        )


def _late(report: Report, settings: Gradescope) -> Iterator[GradedTest]:
    if report.late is not None:
        yield GradedTest(
            score=-float(report.late.deducted),
            max_score=0.0,
            name="Late submission",
            number="0",
            output=_bounded([report.late.message], _OUTPUT),
            output_format="text",
            tags=("late",),
            # The deduction can tell how much there was to take it from.
            visibility=veil_of((case.visibility for part in report.parts for case in part.cases), settings),
            extra_data={"part": ""},
        )


def _tests(report: Report, settings: Gradescope) -> Iterator[GradedTest]:
    questions = list(dict.fromkeys(part.question for part in report.parts))
    counts = dict.fromkeys(questions, 0)
    for part in report.parts:
        counts[part.question] += 1
        number = f"{questions.index(part.question) + 1}.{counts[part.question]}"
        veil = _veil(part, settings)
        if veil == "visible":
            yield _pointed(part, number, _title(part), "visible", _account(part))
        else:
            yield _pointless(part, number)
            yield _pointed(part, f"{number}.1", f"{_title(part)} (points)", veil, _hidden_account(part))


def _title(part: PartReport) -> str:
    return told(f"{part.id}: {part.title}", 400)


def _pointed(
    part: PartReport, number: str, title: str, visibility: Visibility, lines: Iterable[str]
) -> GradedTest:
    # What a person has still to give is no nought, and is had by Manual Grading: a test that has all that is given
    # here would be red with less than its `max_score`.
    most = part.max_score - part.pending_points
    waits = bool(part.pending_points) and not most
    right = part.score == most if part.pending_points else part.status == "right"
    return GradedTest(
        score=None if waits else float(part.score),
        max_score=None if waits else float(most),
        status=None if waits else "passed" if right else "failed",
        name=title,
        number=number,
        output=_bounded(lines, _OUTPUT),
        output_format="text",
        tags=(part.status,),
        visibility=visibility,
        extra_data={"part": part.id},
    )


def _pointless(part: PartReport, number: str) -> GradedTest:
    """Return the test about a part's visible cases alone."""
    seen = [case for case in part.cases if case.visibility == "visible"]
    right = all(case.status == "right" for case in seen)
    waits = any(case.status == "needs_review" for case in seen)
    return GradedTest(
        status=None if waits or not seen else "passed" if right else "failed",
        name=_title(part),
        number=number,
        output=_bounded([*_visible(seen), "Hidden cases are asked too; their points are not shown now."], _OUTPUT),
        output_format="text",
        tags=("visible-cases",),
        visibility="visible",
    )


def _account(part: PartReport) -> Iterator[str]:
    """Say of a part what its student may read."""
    judged = (case for case in part.cases if case.status != "needs_review" or not part.pending_points)
    yield from _visible([case for case in judged if case.visibility == "visible"])
    yield from _hidden_account(part)
    if part.pending_points:
        yield f"A person marks this: up to {plain(part.pending_points)} more points."


def _hidden_account(part: PartReport) -> Iterator[str]:
    hidden = [case for case in part.cases if case.visibility != "visible"]
    if hidden:
        yield _count(hidden, "hidden")
        yield from _messages(hidden)
    yield from (f"→ {told(item.message, _MESSAGE)}" for item in part.findings)


def _visible(cases: Sequence[CaseReport]) -> Iterator[str]:
    counted = [case for case in cases if case.status != "needs_review"]
    if counted:
        yield _count(counted, "visible")
    yield from _messages(cases)


def _count(cases: Sequence[CaseReport], kind: str) -> str:
    right = sum(case.status == "right" for case in cases)
    noun = "case is" if len(cases) == 1 else "cases are"
    return f"{right} of {len(cases)} {kind} {noun} right." if right < len(cases) else _all_right(len(cases), kind)


def _all_right(count: int, kind: str) -> str:
    return f"The {kind} case is right." if count == 1 else f"All {count} {kind} cases are right."


def _messages(cases: Iterable[CaseReport]) -> Iterator[str]:
    said = list(dict.fromkeys(told(case.message, _MESSAGE) for case in cases if case.message))
    yield from (f"- {message}" for message in said[:_MOST_MESSAGES])
    if len(said) > _MOST_MESSAGES:
        yield f"- and {len(said) - _MOST_MESSAGES} more"


def _bounded(lines: Iterable[str], limit: int) -> str:
    # A line that is already harmless stays as it is; one that is not becomes so, whoever wrote it.
    return told("\n".join(lines), limit)


def _leaders(report: Report, settings: Gradescope, score: float) -> Iterator[LeaderboardEntry]:
    for leader in settings.leaderboard:
        value = _leading(report, leader, settings, score)
        if value is not None:
            order = leader.order or ("asc" if leader.value == "seconds" else "desc")
            yield LeaderboardEntry(name=leader.name, value=value, order=order)


def _leading(report: Report, leader: Leader, settings: Gradescope, score: float) -> float | None:
    if leader.value == "total":
        return score
    if leader.value != "seconds":
        return next((float(part.score) for part in report.parts if part.id == leader.value), None)
    # A hidden case's time can tell of its input.
    cases = [case for part in report.parts for case in part.cases if case.visibility == "visible"]
    # Whatever is wrong is quick; but who is on the board must not tell of points that are kept back.
    if settings.hidden == "counted":
        earned = (report.score or Decimal(0)) == report.max_score - report.pending_points
    else:
        earned = all(case.status in {"right", "needs_review"} for case in cases)
    return round(sum(case.seconds for case in cases), 4) if earned else None
