"""What a submission imports and did not find: where the course allows it, the machine is at fault."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from grader import outcome as oc
from grader.imports import imported_modules

_KIND = "ModuleNotFoundError"
# With a dot it is a part that is missing, of a module that is there.
_NAMED = re.compile(r"No module named '(\w+)'")
_MOST = 20


def missing_modules(sitting: oc.Sitting, sources: Iterable[bytes]) -> tuple[str, ...]:
    """Return the modules that are neither the submission's nor installed here, sorted.

    Args:
        sitting: what came back.
        sources: of the submission. A function may say what it likes in an exception; staff are told to install
            only what a line of the file imports.
    """
    found = {match[1] for text in _told(sitting) if (match := _NAMED.search(text))}
    imported = set[str]().union(*map(imported_modules, sources)) if found else set()
    return tuple(sorted(found & imported)[:_MOST])


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
