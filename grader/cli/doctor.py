"""`grader doctor`: what this machine offers, each claim tried rather than believed."""

from __future__ import annotations

import contextlib
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import numpy as np
from rich.console import Console
from rich.table import Table

from grader import __version__
from grader.errors import HostError
from grader.sandbox import Delivered, ProcessBox
from grader.worker import letters

_PACKAGES = ("numpy", "pydantic", "pyyaml", "typer", "rich", "scipy")
_PROBE = b"def double(x):\n    return 2 * x\n"


def examine() -> int:
    """Print a table of what works and return the exit status.

    Raises:
        HostError: no submission can be run here.
    """
    grid = Table(box=None, padding=(0, 1), header_style="bold")
    grid.add_column("What")
    grid.add_column("Here", overflow="fold")
    grid.add_row("grader", __version__)
    grid.add_row("Python", f"{platform.python_version()} on {sys.platform} ({platform.machine()})")
    for name in _PACKAGES:
        grid.add_row(name, _version(name))
    with contextlib.closing(ProcessBox()) as box:
        grid.add_row("sandboxed call", _try_call(box))
        for layer, state in box.facts().items():
            grid.add_row(f"isolation: {layer}", state)
    Console(highlight=False).print(grid)
    return 0


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed (optional)"


def _try_call(box: ProcessBox) -> str:
    worker = box.start(memory_mb=1024, cpu_seconds=10)
    try:
        worker.ask((letters.LOAD, _PROBE, "probe.py", letters.WHOLE_FILE), 10)
        reply = worker.ask((letters.CALL, 1, "double", [np.arange(3.0)], []), 10)
    finally:
        worker.close()
    expected = (letters.RETURNED, 1)
    if not (
        isinstance(reply, Delivered) and reply.letter[:2] == expected and reply.letter[2].tolist() == [0, 2, 4]
    ):
        raise HostError(f"a call in the sandbox does not come back: {reply}")
    return f"works, {reply.seconds * 1000:.1f} ms"
