"""`grader doctor`: what this machine offers, each claim tried rather than believed."""

from __future__ import annotations

import contextlib
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from rich.console import Console
from rich.table import Table

from grader import __version__
from grader.sandbox import Layer, ProcessBox, canaries
from grader.sandbox.parent import close_to_tracers
from grader.worker.wall.layers import OPEN_WITHOUT

_PACKAGES = ("numpy", "pydantic", "pyyaml", "typer", "rich", "scipy")


def examine() -> int:
    """Print what is installed, how each layer of the wall stands, and what an attacker inside it achieved.

    Raises:
        HostError: no submission can be run here.
    """
    console = Console(highlight=False)
    console.print(_installed())
    close_to_tracers()
    with contextlib.closing(ProcessBox()) as box:
        attempts = canaries.judge(box)
        console.print(_wall(box.layers()), _tried(attempts))
    return 0


def _installed() -> Table:
    grid = _grid("Installed", "Version")
    grid.add_row("grader", __version__)
    grid.add_row("Python", f"{platform.python_version()} on {sys.platform} ({platform.machine()})")
    for name in _PACKAGES:
        grid.add_row(name, _version(name))
    return grid


def _wall(layers: tuple[Layer, ...]) -> Table:
    grid = _grid("Layer", "Wanted", "In force", "What it does, or what stays open without it")
    for layer in layers:
        name = next(name for name in OPEN_WITHOUT if name == layer.name)
        closed = layer.in_force or layer.replaced
        detail = layer.detail if closed else f"{layer.detail}. Open: {OPEN_WITHOUT[name]}"
        grid.add_row(layer.name, "yes", "yes" if layer.in_force else "no", detail)
    return grid


def _tried(attempts: tuple[canaries.Attempt, ...]) -> Table:
    grid = _grid("Tried inside", "Held", "How, or what it got")
    for attempt in attempts:
        grid.add_row(attempt.what, "yes" if attempt.held else "NO", attempt.detail)
    return grid


def _grid(*columns: str) -> Table:
    grid = Table(box=None, padding=(0, 1), header_style="bold")
    for column in columns:
        grid.add_column(column, overflow="fold")
    return grid


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed (optional)"
