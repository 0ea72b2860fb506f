"""Who is there twice: one student's file and folder in a class, a platform's submission that was copied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from grader.intake.entry import listed
from grader.intake.model import Handed, Refused


def twice(results: Sequence[Handed | Refused]) -> str:
    """Return who has several submissions and which these are, as a line for a person; empty for nobody.

    What has no report, since it is refused and nobody's by its platform, is told already. Members of one group are
    people of one submission.
    """
    whose: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for result in results:
        if isinstance(result, Handed) or result.platform != "plain":
            for person in result.people:
                whose[result.platform, person.id or person.email][result.id] = None
    several = [f"{own} ({listed(list(ids))})" for (_, own), ids in whose.items() if own and len(ids) > 1]
    return (
        f"somebody has several submissions, and a line of the gradebook for each: {listed(several)}"
        if several
        else ""
    )
