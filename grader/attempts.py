"""What earlier submissions mean for this one: whether it is graded, whose score counts, what has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from grader.intake.metadata import Attempt, Metadata
from grader.plan import Plan, WrittenAnswer
from grader.report import PartReport, plain, points
from grader.rubric.gradescope import Gradescope

_DAY = dt.timedelta(hours=24)
_MOST_CHANGES = 60


def refusal(known: Metadata, settings: Gradescope) -> str:
    """Return why this submission is not graded, and when one is again; empty when it is.

    Those that were graded within 24 hours before it count; those that failed through no fault of the student's, or
    were refused themselves, do not.
    """
    if settings.per_day is None or known.time is None:
        return ""
    since = known.time - _DAY
    times = sorted(item.time for item in known.earlier if item.counted and item.time and item.time > since)
    if len(times) < settings.per_day:
        return ""
    # The oldest that must have passed for one more to be allowed.
    again = (times[-settings.per_day] + _DAY).astimezone(known.time.tzinfo)
    limit = "One submission is" if settings.per_day == 1 else f"{settings.per_day} submissions are"
    return (
        f"{limit} graded within 24 hours, and you have had that. This one was not graded and does not count. "
        f"The next one can be graded from {again:%Y-%m-%d %H:%M:%S} (UTC{again:%z}) on: hand in again then."
    )


def automatic_points(plan: Plan) -> Decimal:
    """Return how many points are given without a person who marks."""
    total = Decimal(0)
    for part in plan.parts():
        written = sum(isinstance(item, WrittenAnswer) for item in part.answers)
        total += points(part.points) - points(part.points * written / len(part.answers))
    return total


def kept_score(earlier: Sequence[Attempt], settings: Gradescope, most: Decimal) -> float | None:
    """Return the score that stands before this submission is graded; None when there is none.

    An attempt that was not graded holds no score of its own: its nought is a notice's.

    Args:
        earlier: the attempts before.
        settings: say whose score counts.
        most: points that can be had. An earlier score is of the rubric of then, which may have given more.
    """
    scores = [item.score for item in earlier if item.score is not None]
    if not scores:
        return None
    if settings.keep == "best":
        # Grading that was ended from outside is no attempt; what it had given until then may be the best.
        kept = max(scores)
    else:
        graded = [item.score for item in earlier if item.score is not None and item.counted]
        kept = (graded or scores)[-1]
    return min(max(kept, 0.0), float(most))


def counting_score(
    score: float, earlier: Sequence[Attempt], settings: Gradescope, most: Decimal
) -> tuple[float, str]:
    """Return the score that counts, and what to say when it is not this submission's."""
    best = kept_score(earlier, settings, most) if settings.keep == "best" else None
    if best is None or best <= score:
        return score, ""
    said = (
        f"This submission has {_plain(score)} points. Your best one had {_plain(best)}: "
        "the best score counts, and is shown."
    )
    return best, said


def changes(parts: Iterable[PartReport], earlier: Sequence[Attempt]) -> str:
    """Say by which points parts differ from the last submission that was graded; empty when nobody knows.

    Args:
        parts: those whose points the student may see.
        earlier: the attempts before.
    """
    last = next((item for item in reversed(earlier) if item.counted and item.parts), None)
    if last is None:
        return ""
    found = list(_changes(parts, last.parts))
    more = f" and {len(found) - _MOST_CHANGES} more" if len(found) > _MOST_CHANGES else ""
    return f"Since your last submission: {', '.join(found[:_MOST_CHANGES]) or 'no part has other points'}{more}."


def _changes(parts: Iterable[PartReport], before: dict[str, float]) -> Iterator[str]:
    for part in parts:
        old, new = before.get(part.id), float(part.score)
        if old is not None and abs(old - new) > 0.005:
            yield f"part {part.id} {'rose' if new > old else 'fell'} from {_plain(old)} to {_plain(new)}"


def _plain(number: float) -> str:
    return plain(Decimal(f"{number:.2f}"))
