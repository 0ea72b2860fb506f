"""Gradescope's `submission_metadata.json`: who handed in, when, until when it was due, and what came before.

Every field may be missing or be something else; only a file that is no JSON mapping at all is refused.

1. `users` are the student, or the group's members: `id`, `name`, `email`. A user's own `assignment` holds the
   dates as extensions have moved them; `assignment.due_date` holds for those without one. The latest of all
   members' counts for the whole group.
2. `late_due_date` is when Gradescope stops taking submissions, which is no deadline of ours.
3. `previous_submissions` hold `submission_time`, `score`, `autograder_error` and `results`, which are what this
   grader wrote then: a test's `extra_data` says whose part it is.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.intake.bounds import MIB, Refusal
from grader.intake.kinds import open_regular
from grader.intake.names import bounded
from grader.submission import Origin, Person

MAX_BYTES = 64 * MIB
_MAX_PEOPLE = 100
_UNKNOWN = Origin("gradescope")
_MAX_TESTS = 2_000
_FRACTION = re.compile(r"\.\d+")
_FIRST_YEAR, _LAST_YEAR = 1970, 9000


@dataclass(frozen=True, slots=True)
class Attempt:
    """An earlier submission.

    Attributes:
        time: when it was handed in; None when unknown.
        score: what it was given; None for nothing.
        counted: whether it was graded.
        parts: points by part, as far as its student saw them.
    """

    time: dt.datetime | None
    score: float | None
    counted: bool
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the platform knows of a submission.

    Attributes:
        origin: who, when, and how late.
        time: when it was handed in; None when unknown.
        earlier: the attempts before it, the first one first.
        problem: why nothing is known; empty when something is.
    """

    origin: Origin = _UNKNOWN
    time: dt.datetime | None = None
    earlier: tuple[Attempt, ...] = ()
    problem: str = ""


def read_metadata(file: Path) -> Metadata:
    """Read what is known; a file that cannot be read costs that knowledge only."""
    try:
        known = _content(file)
    except (Refusal, OSError, ValueError, RecursionError) as error:
        return Metadata(problem=f"{file.name} cannot be read: {error}"[:300])
    return _understood(known)


def _content(file: Path) -> dict[str, Any]:
    with open_regular(file) as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Refusal(f"it has more than {MAX_BYTES // MIB} MiB")
    known = json.loads(content)
    if not isinstance(known, dict):
        raise Refusal("it is no mapping")
    return known


def _understood(known: dict[str, Any]) -> Metadata:
    users = [user for user in _list(known.get("users"))[:_MAX_PEOPLE] if isinstance(user, dict)]
    time = _time(known.get("created_at"))
    due = _due(known, users)
    late = (time - due).total_seconds() if time and due else None
    origin = Origin(
        platform="gradescope",
        people=tuple(map(_person, users)),
        submitted_at=time.isoformat() if time else "",
        late=None if late is None else late > 0,
        late_seconds=None if late is None else max(late, 0.0),
    )
    return Metadata(origin, time, tuple(_before(map(_attempt, _attempts(known)), time)))


def _due(known: dict[str, Any], users: Iterable[dict[str, Any]]) -> dt.datetime | None:
    for_all = _time(_mapping(known.get("assignment")).get("due_date"))
    own = (_time(_mapping(user.get("assignment")).get("due_date")) or for_all for user in users)
    return max((due for due in own if due), default=for_all)


def _person(user: dict[str, Any]) -> Person:
    name, email = (bounded(item) if isinstance(item := user.get(key), str) else "" for key in ("name", "email"))
    number = user.get("id")
    own = bounded(str(number)) if isinstance(number, (int, str)) and not isinstance(number, bool) else ""
    return Person(own, name, email)


def _attempts(known: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (item for item in _list(known.get("previous_submissions")) if isinstance(item, dict))


def _attempt(item: dict[str, Any]) -> Attempt:
    found = _mapping(item.get("results"))
    failed = item.get("autograder_error") is True
    extra = _mapping(found.get("extra_data"))
    return Attempt(
        time=_time(item.get("submission_time")),
        score=None if failed else _number(item.get("score")),
        counted=not failed and extra.get("counted") is not False,
        parts=dict(_parts(found)),
    )


def _parts(found: dict[str, Any]) -> Iterator[tuple[str, float]]:
    for test in _list(found.get("tests"))[:_MAX_TESTS]:
        part = _mapping(_mapping(test).get("extra_data")).get("part")
        score = _number(_mapping(test).get("score"))
        if isinstance(part, str) and part and score is not None and test.get("visibility") == "visible":
            yield part, score


def _before(attempts: Iterable[Attempt], time: dt.datetime | None) -> list[Attempt]:
    """Return the attempts in their order; those of an unknown time come first."""
    start = dt.datetime.min.replace(tzinfo=dt.timezone.utc)
    known = [item for item in attempts if not (time and item.time and item.time > time)]
    return sorted(known, key=lambda item: item.time or start)


def _time(value: Any) -> dt.datetime | None:
    if not isinstance(value, str) or len(value) > 40:
        return None
    # Fractions of a second would be for the student's good anyway, and old Pythons read some of them only.
    text = _FRACTION.sub("", value.strip()).replace("Z", "+00:00").replace(" UTC", "+00:00")
    try:
        found = dt.datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=dt.timezone.utc)
        found.astimezone(dt.timezone.utc)
    except (ValueError, OverflowError):
        return None
    # Whoever counts a day on or back stays among the dates that there are.
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
