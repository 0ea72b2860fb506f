"""Submissions in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from grader.submission import File, Submission

_ENTRY = "submission_under_check.py"
"""No reference has this name, so that its own can be imported beside it."""


def submission(name: str, source: bytes, beside: Mapping[str, bytes] | None = None) -> Submission:
    """Return a submission of one file, perhaps with others that it can import.

    Args:
        name: its id.
        source: of the file that is run.
        beside: the others, by file name.
    """
    sources = {_ENTRY: source, **(beside or {})}
    files = (File(file, text, hashlib.sha256(text).hexdigest(), len(text)) for file, text in sources.items())
    return Submission(name, _ENTRY, tuple(files))


def with_variant(source: bytes, mistakes: str, variant: str, function: str) -> bytes:
    """Return the source of a reference in which `function` is `variant` of the module `mistakes`."""
    return source + f"\n\nfrom {mistakes} import {variant} as {function}\n".encode()
