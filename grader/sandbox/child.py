"""The choice by platform: what starts and ends a worker's process, and what carries its letters."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from grader.sandbox.threads import connect
    from grader.sandbox.windows import INSTEAD, interpreter
    from grader.sandbox.windows import WindowsChild as Child
else:
    from grader.sandbox.polling import connect
    from grader.sandbox.posix import INSTEAD, interpreter
    from grader.sandbox.posix import PosixChild as Child

__all__ = ["INSTEAD", "Child", "connect", "interpreter"]
