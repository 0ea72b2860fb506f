"""What the grading process does for its own protection, and for an end without survivors."""

from __future__ import annotations

import sys

from grader.worker.wall.kernel import PR_SET_DUMPABLE, prctl

_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Make this process the parent of its descendants' orphans (Linux), so that none can slip away to init."""
    if sys.platform == "linux":
        prctl(_PR_SET_CHILD_SUBREAPER, 1)


def close_to_tracers() -> None:
    """Keep other processes of the same user from reading this one's memory (Linux): it holds the answer key."""
    if sys.platform == "linux":
        prctl(PR_SET_DUMPABLE, 0)
