"""The choice by platform: what starts and ends a worker's process, and what carries its letters."""

from __future__ import annotations

import sys
from typing import Any

if sys.platform == "win32":
    from grader.sandbox.threads import connect
    from grader.sandbox.windows import INSTEAD, interpreter
    from grader.sandbox.windows import WindowsChild as Child

    executed = Child
else:
    from grader.sandbox.polling import connect
    from grader.sandbox.posix import INSTEAD, executed, interpreter
    from grader.sandbox.posix import PosixChild as Child

if sys.platform == "linux":
    from grader.sandbox.nursery import nursery
else:

    def nursery(*_: object) -> Any:
        """Return None: workers are forked on Linux alone."""
        return None


__all__ = ["INSTEAD", "Child", "connect", "executed", "interpreter", "nursery"]
