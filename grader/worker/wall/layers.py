"""The layers of the wall by name: what each one is for, and how a run reports what it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

LayerName = Literal[
    "descriptors",
    "session",
    "namespaces",
    "uid",
    "capabilities",
    "parent",
    "undumpable",
    "limits",
    "no_new_privs",
    "landlock",
    "seccomp",
]

# In the order in which they go up; build.py says why it is this one.
OPEN_WITHOUT: dict[LayerName, str] = {
    "descriptors": "every file, pipe and socket that the parent had open when it started the worker",
    "session": "the terminal, and signals to the parent's process group",
    "namespaces": "the machine's network and IPC, as far as the filter does not refuse them",
    "uid": "files and processes of the user who grades, as far as Landlock and the filter do not cover them",
    "capabilities": "what root may do beyond its own files, as far as the filter does not refuse it",
    "parent": "a worker that lives on when the grader is killed",
    "undumpable": "reading the worker's memory from another process of the same user",
    "limits": "all of the machine's memory and processor time",
    "no_new_privs": "gaining privileges through set-uid programs",
    "landlock": "reading every file that the user may read",
    "seccomp": "sockets, processes and threads, signals, other processes' memory, modes and times of files",
}
EVERY_LAYER = frozenset(OPEN_WITHOUT)

# What `strict` asks for, and the layers of which one must be in force.
AREAS: dict[str, frozenset[LayerName]] = {
    "files": frozenset({"landlock"}),
    "processes": frozenset({"seccomp"}),
    "network": frozenset({"seccomp", "namespaces"}),
}


class WallError(Exception):
    """A layer that this machine has could not be put up. The student's code must not run."""


@dataclass(frozen=True)
class Layer:
    """One layer as it stands in one worker."""

    name: LayerName
    wanted: bool
    in_force: bool
    detail: str  # what it does here, or why it is not in force


def open_areas(layers: Iterable[Layer]) -> list[str]:
    """Which of files, processes and network have no wall around them."""
    standing = {layer.name for layer in layers if layer.in_force}
    return [area for area, closing in AREAS.items() if not closing & standing]
