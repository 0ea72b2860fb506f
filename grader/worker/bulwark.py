"""Puts the wall up around this process: prepared while the parent is busy, raised when the limits are known."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.wire import Value
from grader.worker import letters
from grader.worker.wall.build import Prepared, WallPlan, for_submission, part, prepare, raise_wall
from grader.worker.wall.layers import LayerName, WallError, open_areas
from grader.worker.wall.limits import Limits
from grader.worker.wall.probe import Outside, probe
from grader.worker.wall.roots import Roots, read_roots


class Bulwark:
    """The wall of a worker, from a plan to the proof; a zygote prepares one for all of its workers.

    Attributes:
        starter: the process whose end is the worker's.

    Args:
        layers: names of the layers that are wanted.
        sites: folders that imports need.
        protected: paths that must stay unreadable even inside those.
        parent: the grader's process; it also starts the worker, unless a zygote does.
        uid: the user to become, where this process is root's.
        known: what an earlier worker has found out about this machine, from its READY letter.

    Raises:
        WallError: a layer that this machine has refuses the plan.
    """

    def __init__(  # noqa: PLR0913, PLR0917  (a letter's items)
        self,
        layers: Sequence[LayerName],
        sites: Sequence[str],
        protected: Sequence[str],
        parent: int,
        uid: int | None,
        known: dict[str, Any] | None,
    ) -> None:
        self._parent = self.starter = parent
        if known is None:
            roots, unavailable = read_roots(sites, protected), None
        else:
            roots = Roots(*(tuple(map(Path, known[part])) for part in ("readable", "listable", "exposed")))
            unavailable = known["unavailable"]
        plan = WallPlan(roots, layers=frozenset(layers), uid=uid)
        # Settled: this process is for one submission, and what can be put up now costs it nothing later.
        self._prepared: Prepared = prepare(plan, settle=True, unavailable=unavailable)
        self._known: dict[str, Any] = {
            part: list(map(str, getattr(roots, part))) for part in ("readable", "listable", "exposed")
        }
        self._known["unavailable"] = dict(self._prepared.unavailable)

    def move(self) -> None:
        """Make this the wall of another zygote's workers: of the process that one has just forked.

        Raises:
            OSError: the kernel refuses namespaces that these workers do not share with the other's.
        """
        part(self._prepared)
        self.starter = os.getpid()

    def rise(
        self, limits: Limits, folder: str, scratch: str, uid: int | None, *, keep: set[int]
    ) -> tuple[Value, ...]:
        """Put the wall up and return the letter that tells how it stands.

        Args:
            limits: on memory, processor time and files.
            folder: of the submission, to be read and to be the working folder; empty when it is a single file.
            scratch: a folder to write to; empty when there is none.
            uid: the user to become, where this process is root's.
            keep: descriptors of ours.

        Raises:
            WallError: a layer that this machine has does not stand.
        """
        prepared = self._prepared
        if folder or scratch:
            prepared = for_submission(prepared, _path(folder), _path(scratch))
            # The rules of all the zygote's workers: not this one's to hold.
            self._prepared.close()
        prepared = dataclasses.replace(prepared, plan=dataclasses.replace(prepared.plan, limits=limits))
        if scratch:
            # Asked for nowhere else: where `tempfile` looks for a place.
            os.environ["TMPDIR"] = scratch
        if folder or scratch:
            os.chdir(folder or scratch)
        standing = raise_wall(prepared, parent=self.starter, keep=keep, uid=uid)
        facts = [(layer.name, layer.in_force, layer.detail) for layer in standing]
        return (letters.READY, facts, [*open_areas(standing), *self._known["exposed"]], self._known)

    def probe(self, file: str, folder: str, memory: int) -> tuple[Value, ...]:
        """Try all that the wall must forbid and return the letter that tells what happened."""
        found = probe(Outside(Path(file), Path(folder), self._parent, memory))
        return (letters.PROBED, [(item.attempt, item.held, item.detail, list(item.closed_by)) for item in found])


def _path(name: str) -> Path | None:
    return Path(name) if name else None


__all__ = ["Bulwark", "WallError"]
