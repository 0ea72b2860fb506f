"""A box that starts one clean interpreter per worker.

Theory of operation: the parent starts Python on `grader/worker/__main__.py`, with three pipes: letters in, letters
out, and one for all that is printed. The child holds nothing else of the parent's. Its first letter says which
wall to prepare, which it does while the parent is busy; its second one brings the limits, and it raises the wall
and says how it stands. Only then is it sent a submission. The parent alone measures time and reads statuses; when
it has seen enough it kills the child and all that the child has started, as `child` knows how to do here.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Literal, TypeAlias

import grader
from grader.errors import HostError, told_by_the_system
from grader.sandbox.box import Delivered, Gone, Layer, Needs, Noise, Overdue, Reply
from grader.sandbox.channel import Frame, Junk, Late
from grader.sandbox.child import INSTEAD, Child, connect, interpreter
from grader.sandbox.copy import FolderCopy
from grader.sandbox.parent import adopt_orphans
from grader.sandbox.pipes import Connect
from grader.sandbox.scratch import Scratch
from grader.wire import Value, WireError, decode, encode
from grader.worker import letters
from grader.worker.wall import macos
from grader.worker.wall.layers import EVERY_LAYER, LayerName
from grader.worker.wall.roots import read_roots

Isolation: TypeAlias = Literal["strict", "auto", "off"]

_START_SECONDS = 30.0
_EXIT_SECONDS = 1.0
_MIB = 1 << 20
_NEAR = 0.8
_PACKAGE = Path(grader.__file__).parent
# All that -I means (no user's site, no script's folder on the path, an environment that cannot matter) but that it
# would ignore the seed: with hashes that differ from run to run, so does the order of a student's sets.
_ISOLATED = ("-s", "-P") if sys.version_info >= (3, 11) else ("-s",)
# Between the accounts that people and packages have and `nobody`: no file belongs to these.
_FIRST_UID, _UIDS = 61_184, 4_000


class ProcessBox:
    """Starts a fresh interpreter for every worker.

    Args:
        isolation: `strict` refuses to run anything without a wall for files, processes and network; `auto` uses
            what there is; `off` uses none of it.
        protected: paths that workers must not read, even where the interpreter's own folders hold them.
        without: layers to leave out, for tests of the others.
        channel: makes what carries letters; by default what suits this platform.
    """

    def __init__(
        self,
        isolation: Isolation = "auto",
        protected: Iterable[Path] = (),
        without: Collection[LayerName] = (),
        channel: Connect = connect,
    ) -> None:
        self._isolation = isolation
        self._wanted = frozenset() if isolation == "off" else EVERY_LAYER - frozenset(without)
        self._protected = [path.absolute() for path in protected]
        self._channel = channel
        self._sites = _site_folders()
        self._command = self._worker_command()
        self._uids: dict[int, int | None] = {}
        self._layers: tuple[Layer, ...] = ()
        self._known: dict[str, Value] | None = None
        self._spares: list[ProcessWorker] = []
        adopt_orphans()

    def layers(self) -> tuple[Layer, ...]:
        """Return what stood around the last worker that got ready."""
        return self._layers

    def exposed(self) -> list[str]:
        """Return the protected paths that workers can read all the same."""
        return [str(path) for path in (self._known or {}).get("exposed", ())]

    def warm_up(self, count: int = 1) -> None:
        """Start interpreters for the next `start`s: they import numpy while the caller does something else."""
        while len(self._spares) < count:
            self._spares.append(self._launch())

    def start(self, needs: Needs) -> ProcessWorker:
        """Return a worker that gets ready while the caller goes on; `ask` waits for it.

        Raises:
            HostError: the machine cannot start one.
        """
        worker = self._spares.pop(0) if self._spares else self._launch()
        try:
            worker.equip(needs)
        except OSError as error:
            worker.close()
            raise HostError(f"cannot get a worker ready: {told_by_the_system(error)}") from error
        return worker

    def close(self) -> None:
        """End what `warm_up` has started."""
        while self._spares:
            self._spares.pop().close()

    def check(self, letter: Value) -> None:
        """Take note of how a worker's wall stands.

        Args:
            letter: the worker's, decoded.

        Raises:
            HostError: it does not stand, or `strict` asks for more.
        """
        match letter:
            case (letters.READY, list(layers), list(left_open), dict(known)):
                self._known = known
                self._layers = tuple(_layer(*facts) for facts in layers)
                if self._isolation == "strict" and left_open:
                    reasons = "; ".join(
                        f"{item.name}: {item.detail}" for item in self._layers if not item.in_force
                    )
                    raise HostError(f"--isolation strict: there is no wall for {', '.join(left_open)} ({reasons})")
            case (letters.BROKEN, why):
                raise HostError(f"the wall around the sandbox does not stand: {why}")
            case _:
                raise HostError("the sandboxed Python does not start as it should")

    def _worker_command(self) -> list[str]:
        main = str(_PACKAGE / "worker" / "__main__.py")
        command = [interpreter(), *_ISOLATED, "-S", "-B", "-X", "utf8", main]
        if sys.platform == "darwin" and self._wanted and Path(macos.TOOL).exists():
            readable = [*read_roots(self._sites, self._protected).readable, _PACKAGE]
            return [*macos.command_prefix(macos.profile(Path(sys.executable), readable)), *command]
        return command

    def _launch(self) -> ProcessWorker:
        uid = self._free_uid() if _is_root() and "uid" in self._wanted else None
        protected = list(map(os.fsencode, self._protected))
        wall = (letters.WALL, sorted(self._wanted), protected, os.getpid(), uid, self._known)
        try:
            child = Child(self._command, [str(_PACKAGE.parent), *self._sites], self._channel)
        except OSError as error:
            raise HostError(f"cannot start {interpreter()}: {told_by_the_system(error)}") from error
        worker = ProcessWorker(child, wall, self, uid)
        self._uids[worker.pid] = uid
        return worker

    def _free_uid(self) -> int:
        """Return a uid that no live worker of this box has; another process's box starts elsewhere."""
        start = os.getpid() * 16
        candidates = (_FIRST_UID + (start + offset) % _UIDS for offset in range(_UIDS))
        return next(uid for uid in candidates if uid not in self._uids.values())

    def forget(self, pid: int) -> None:
        """Take note that a worker is gone."""
        self._uids.pop(pid, None)


class ProcessWorker:
    """One interpreter, from its start to its last descendant's end.

    Attributes:
        pid: its process id.

    Args:
        child: what has been started.
        wall: the letter that says which wall to prepare.
        box: whose worker this is.
        uid: the user that it becomes; None for the box's own.
    """

    def __init__(self, child: Child, wall: Value, box: ProcessBox, uid: int | None) -> None:
        self.pid = child.pid
        self._child, self._channel = child, child.channel
        self._settings: Value | None = None
        self._needs = Needs(memory_mb=0, cpu_seconds=0)
        self._scratch: Scratch | None = None
        self._copy: FolderCopy | None = None
        self._box, self._uid = box, uid
        self._closed = False
        self._channel.post(encode(wall))

    def equip(self, needs: Needs) -> None:
        """Say what its submission needs, before the first `ask`."""
        self._needs = needs
        self._child.bound(needs.memory_mb * _MIB, needs.cpu_seconds)
        folder, scratch = str(needs.folder or ""), ""
        if needs.folder is not None and self._uid is not None:
            self._copy = FolderCopy(needs.folder, needs.files, self._uid)
            folder = self._copy.name
        if needs.scratch_mb:
            self._scratch = Scratch(needs.scratch_mb * _MIB, self._uid)
            scratch = self._scratch.name
        limits = (needs.memory_mb * _MIB, needs.cpu_seconds)
        self._settings = (letters.SETTINGS, *limits, os.fsencode(folder), scratch, needs.scratch_mb * _MIB)

    def ask(self, letter: Value, seconds: float) -> Reply:
        """Send a letter and wait for the answer, at most `seconds`.

        Raises:
            HostError: the worker has not even got ready.
        """
        if self._settings is not None:
            settings, self._settings = self._settings, None
            ready = self._exchange(settings, _START_SECONDS)
            try:
                self._box.check(ready.letter if isinstance(ready, Delivered) else None)
            except HostError as error:
                self.close()
                last = ready.printed.strip().rpartition("\n")[2]
                raise HostError(f"{error}{': ' if last else ''}{last}") from None
        reply = self._exchange(letter, seconds)
        if self._scratch is not None and self._scratch.is_too_full():
            reply = Noise("it has written more than its scratch folder may hold", reply.seconds, reply.printed)
        if not isinstance(reply, Delivered):
            self.close()
        return reply

    def near_memory_limit(self) -> bool:
        """Whether its address space has ever come close to its limit; False where nobody knows."""
        return self._child.peak_memory() > _NEAR * self._needs.memory_mb * _MIB

    def close(self) -> None:
        """End the process with all of its descendants."""
        if self._closed:
            return
        self._closed = True
        self._child.end()
        self._box.forget(self.pid)
        for place in (self._scratch, self._copy):
            if place is not None:
                place.remove()

    def _exchange(self, letter: Value, seconds: float) -> Reply:
        event, taken = self._channel.exchange(encode(letter), seconds)
        printed = self._channel.printed()
        if isinstance(event, Frame):
            try:
                return Delivered(decode(event.payload), taken, printed)
            except WireError as error:
                return Noise(str(error), taken, printed)
        if isinstance(event, Late):
            return Overdue(taken, printed)
        if isinstance(event, Junk):
            return Noise(event.reason, taken, printed)
        status = self._child.wait(_EXIT_SECONDS)
        if status is None:
            return Noise("it has closed its end of the door", taken, printed)
        return Gone(status, taken, printed)


def _layer(name: str, in_force: bool, why: str) -> Layer:
    """Return what a worker says of one layer, and what is done in its place."""
    if in_force is not True and name in INSTEAD:
        return Layer(str(name), in_force=False, detail=f"{why}; instead, {INSTEAD[name]}", replaced=True)
    return Layer(str(name), in_force is True, str(why))


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _site_folders() -> list[str]:
    """Return the folders that hold numpy and, where it is installed, scipy."""
    specs = map(importlib.util.find_spec, ("numpy", "scipy"))
    return list({str(Path(spec.origin).parent.parent): None for spec in specs if spec and spec.origin})
