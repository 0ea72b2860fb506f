"""The commands' first step. Whoever interrupts Python while it still imports gets an exit status, no traceback."""

from __future__ import annotations

import importlib
import sys

_INTERRUPTED = 130


def grade() -> None:
    """Run the `grade` command and exit with its status."""
    _run("grader.cli.grade")


def grader() -> None:
    """Run the `grader` command and exit with its status."""
    _run("grader.cli.grader")


def _run(module: str) -> None:
    try:
        main = importlib.import_module(module).main
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    main()
