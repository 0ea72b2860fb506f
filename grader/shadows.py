"""Which of a hand-in's own modules cannot be imported, because Python or numpy has one of that name."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.imports import imported_modules

# Python's own tests are not among its names, and not everywhere installed.
_TESTS = {"test"} if (Path(os.__file__).parent / "test").is_dir() else set[str]()
_TAKEN = sys.stdlib_module_names | {"numpy"} | _TESTS


def shadowed_modules(sources: Mapping[str, bytes], entry: str) -> tuple[str, ...]:
    """Return the files and folders that another file of the hand-in means to import and does not get, sorted.

    Args:
        sources: the content of each Python file, by its path.
        entry: the one that is run.
    """
    return tuple(sorted(set(_shadowed(sources, entry))))


def _shadowed(sources: Mapping[str, bytes], entry: str) -> Iterator[str]:
    for path in sources:
        top, folder, _ = path.partition("/")
        name = top.removesuffix(".py")
        if path == entry or name not in _TAKEN or not (folder or top.endswith(".py")):
            continue
        if any(name in imported_modules(source) for other, source in sources.items() if other != path):
            yield top + folder
