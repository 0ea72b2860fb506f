"""What lateness costs: one deduction from the whole, in words that a student understands."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from grader.plan import LatePolicy
from grader.report import LateReport, plain, points
from grader.submission import Origin

_HOUR = 3600
_UNITS = ((86400, 3600, "day", "h"), (3600, 60, "h", "min"), (60, 1, "min", "s"))
"""A unit and the next smaller one, in seconds, and their names."""


def deduction(
    policy: LatePolicy | None, origin: Origin, score: Decimal | Fraction, max_score: Decimal | Fraction
) -> LateReport | None:
    """Return what is taken off a submission's points; None when nothing is and nothing needs to be said.

    Each started period after the due date costs its share of `max_score`, at most the cap, and never more than
    `score`. Within the grace nothing is taken off; after it, all of the time since the due date counts. After the
    cut-off, everything earned is taken off.

    A platform that says *not late* is believed, whatever the time: there may have been an extension. One that says
    *late* and not by how much costs what any lateness would: one period, or nothing where there is a grace; the
    message says that a person may correct it.

    Args:
        policy: the assignment's; None when lateness costs nothing.
        origin: says whether and by how much the submission is late.
        score: points earned, without those that a person must still mark.
        max_score: points of the whole assignment.
    """
    if policy is None or origin.late is False:
        return None
    seconds = _seconds(origin)
    if seconds is None:
        return _unknown(policy, score, max_score) if origin.late else None
    if seconds <= policy.grace:
        return None
    lateness = f"{duration(seconds)} late"
    if policy.cutoff is not None and seconds > policy.cutoff:
        return _all_of_it(seconds, f"{lateness}: {_cutoff_words(policy.cutoff)}.", score)
    periods = math.ceil(Fraction(seconds) / policy.period)
    return _share_of_it(policy, seconds, periods, (f"{lateness}: ", ""), (score, max_score))


def known_seconds(origin: Origin) -> float | None:
    """Return by how many seconds a submission is late; None when that is unknown or no number."""
    late = origin.late_seconds
    return late if late is not None and math.isfinite(late) else None


def duration(seconds: float) -> str:
    """Return a time in its two largest units, rounded up: `1 day 3 h`, `5 min`."""
    whole = math.ceil(seconds)
    for unit, smaller, name, smaller_name in _UNITS:
        if whole >= unit:
            # Rounded down, "2 h late: 3 started hours" would read like a mistake.
            count, rest = divmod(math.ceil(whole / smaller), unit // smaller)
            plural = "s" if name == "day" and count > 1 else ""
            return f"{count} {name}{plural}" + (f" {rest} {smaller_name}" if rest else "")
    return f"{whole} s"


def _seconds(origin: Origin) -> float | None:
    seconds = known_seconds(origin)
    # What is marked as late and was in time by the clock is late by an unknown time.
    return None if origin.late and seconds is not None and seconds <= 0 else seconds


def _unknown(policy: LatePolicy, score: Decimal | Fraction, max_score: Decimal | Fraction) -> LateReport:
    start, end = "Late; the platform does not say by how much", " Course staff may correct this."
    if policy.cutoff == 0:
        return _all_of_it(None, f"{start}: {_cutoff_words(0)}.", score)
    if policy.grace:
        free = f"{start}. Nothing is taken off up to {duration(policy.grace)}, so nothing is."
        return LateReport(seconds=None, deducted=Decimal(0), message=free + end)
    return _share_of_it(policy, None, 1, (f"{start}, so the least is taken off: ", end), (score, max_score))


def _share_of_it(
    policy: LatePolicy,
    seconds: float | None,
    periods: int,
    around: tuple[str, str],
    score_of: tuple[Decimal | Fraction, Decimal | Fraction],
) -> LateReport:
    score, max_score = (points(Fraction(value)) for value in score_of)
    wanted = periods * policy.deduct
    share = min(wanted, policy.cap)
    asked = points(share * Fraction(max_score))
    deducted = min(asked, score)
    unit = "hour" if policy.period == _HOUR else "day"
    capped = "at most " if wanted > share else ""
    text = (
        f"{periods} started {unit}{'s' if periods > 1 else ''}, "
        f"{capped}{plain(points(100 * share))} % of {plain(max_score)} points are taken off"
    )
    less = f", but no more than the {plain(score)} earned" if deducted < asked else ""
    return LateReport(seconds=seconds, deducted=deducted, message=f"{around[0]}{text}{less}.{around[1]}")


def _all_of_it(seconds: float | None, message: str, score: Decimal | Fraction) -> LateReport:
    return LateReport(seconds=seconds, deducted=points(Fraction(score)), message=message)


def _cutoff_words(cutoff: float) -> str:
    return f"nothing counts later than {duration(cutoff)} after the due date" if cutoff else "nothing late counts"
