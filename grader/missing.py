"""What a submission imports and did not find: where the course allows it, the machine is at fault."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader import outcome as oc

_KIND = "ModuleNotFoundError"
_NAMED = re.compile(r"No module named '([^'.]+)")
_MOST = 20


def missing_modules(sitting: oc.Sitting) -> tuple[str, ...]:
    """Return the top-level names of the modules that are neither the submission's nor installed here, sorted."""
    found = {match[1] for text in _told(sitting) if (match := _NAMED.search(text))}
    return tuple(sorted(found)[:_MOST])


def _told(sitting: oc.Sitting) -> Iterator[str]:
    """Yield what was said of each import that failed, when the file was loaded or in a call."""
    match sitting.loading:
        case oc.NotLoaded(oc.Raised(type_name=kind, text=text)) if kind == _KIND:
            yield text
        case oc.Loaded(failure, skipped):
            if isinstance(failure, oc.Raised) and failure.type_name == _KIND:
                yield failure.text
            yield from (item.error for item in skipped if item.error.startswith(_KIND))
    for outcomes in sitting.outcomes.values():
        for outcome in outcomes:
            if isinstance(outcome.result, oc.Raised) and outcome.result.type_name == _KIND:
                yield outcome.result.text
