"""A box of clean interpreters, one process for each worker.

Theory of operation: a worker is Python on `grader/worker/__main__.py`, with three pipes: letters in, letters out,
and one for all that is printed. It holds nothing else of the parent's. On Linux a zygote, started once, forks the
workers and has prepared the wall for all of them (`zygote`); elsewhere each is started by itself and its first
letter says which wall to prepare. The letter after that brings the limits, and the worker raises the wall and says
how it stands. Only then is it sent a submission. The parent alone measures time and reads statuses; when it has
seen enough it kills the child and all that the child has started, as `child` knows how to do here.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Literal, TypeAlias

import grader
from grader.errors import HostError, told_by_the_system
from grader.sandbox.box import Layer, Needs
from grader.sandbox.child import INSTEAD, Child, connect, executed, interpreter, nursery
from grader.sandbox.parent import adopt_orphans
from grader.sandbox.pipes import Connect
from grader.sandbox.process_worker import ProcessWorker
from grader.sandbox.uids import FIRST_UID, give_back_uid, take_uid
from grader.sandbox.zygote import ZygoteGoneError
from grader.wire import Value, encode
from grader.worker import letters
from grader.worker.wall import macos
from grader.worker.wall.layers import EVERY_LAYER, LayerName
from grader.worker.wall.roots import read_roots

Isolation: TypeAlias = Literal["strict", "auto", "off"]

_NOT_AS_IT_SHOULD = "the sandboxed Python does not start as it should"
_PACKAGE = Path(grader.__file__).parent
# All that -I means (no user's site, no script's folder on the path, an environment that cannot matter) but that it
# would ignore the seed: with hashes that differ from run to run, so does the order of a student's sets.
_ISOLATED = ("-s", "-P") if sys.version_info >= (3, 11) else ("-s",)


class ProcessBox:
    """Starts a fresh interpreter for every worker.

    Args:
        isolation: `strict` refuses to run anything without a wall for files, processes and network; `auto` uses
            what there is; `off` uses none of it.
        protected: paths that workers must not read, even where the interpreter's own folders hold them.
        without: layers to leave out, for tests of the others.
        channel: makes what carries letters; by default what suits this platform.
        zygote: whether workers are forked from one, where that can be done.
    """

    def __init__(
        self,
        isolation: Isolation = "auto",
        protected: Iterable[Path] = (),
        without: Collection[LayerName] = (),
        channel: Connect = connect,
        *,
        zygote: bool = True,
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
        self._nursery = nursery(self._command, self._arguments(), self._wall_letter) if zygote else None
        adopt_orphans()

    def layers(self) -> tuple[Layer, ...]:
        """Return what stood around the last worker that got ready."""
        return self._layers

    def exposed(self) -> list[str]:
        """Return the protected paths that workers can read all the same."""
        return [str(path) for path in (self._known or {}).get("exposed", ())]

    def warm_up(self, count: int = 1) -> None:
        """Start interpreters for the next `start`s: they import numpy while the caller does something else.

        Raises:
            HostError: the machine cannot start one.
        """
        if self._nursery is None:
            while len(self._spares) < count:
                self._spares.append(self._launch())
            return
        try:
            self._nursery.warm_up()
        except OSError as error:
            raise _cannot_start(error) from error

    def branch(self) -> ProcessBox:
        """Return a box like this one for one fork of this process, to be `settle`d there and closed here.

        Where no worker can start a process, its zygote is forked from this box's: it cannot outlive that one.
        """
        branch = ProcessBox(
            self._isolation,
            self._protected,
            EVERY_LAYER - self._wanted,
            self._channel,
            zygote=self._nursery is not None,
        )
        # What slipped away from its workers would come to the process that has started the first zygote, which
        # does not look for it.
        if self._nursery is not None and branch._nursery is not None and self.holds_alone():
            branch._known, branch._layers = self._known, self._layers
            branch._nursery.inherit(self._nursery)
        return branch

    def settle(self) -> None:
        """Take this box over in a fork of the process that has made it."""
        adopt_orphans()
        if self._nursery is not None:
            self._nursery.settle()

    def start(self, needs: Needs) -> ProcessWorker:
        """Return a worker that gets ready while the caller goes on; `ask` waits for it.

        Raises:
            HostError: the machine cannot start one.
        """
        spare: ProcessWorker | None = None
        with contextlib.suppress(IndexError):
            spare = self._spares.pop(0)
        worker = spare or self._launch()
        try:
            worker.equip(needs)
        except OSError as error:
            worker.close()
            raise HostError(f"cannot get a worker ready: {told_by_the_system(error)}") from error
        return worker

    def close(self) -> None:
        """End what `warm_up` has started, and with a zygote all of its workers."""
        while self._spares:
            self._spares.pop().close()
        if self._nursery is not None:
            self._nursery.close()

    def check(self, letter: Value) -> None:
        """Take note of how a worker's wall stands.

        Args:
            letter: the worker's, decoded.

        Raises:
            HostError: it does not stand, or `strict` asks for more.
        """
        match letter:
            case (letters.READY, list(layers), list(left_open), dict(known)):
                self._known = known or self._known
                self._layers = tuple(_layer(*facts) for facts in layers)
                if self._isolation == "strict" and left_open:
                    reasons = "; ".join(
                        f"{item.name}: {item.detail}" for item in self._layers if not item.in_force
                    )
                    raise HostError(f"--isolation strict: there is no wall for {', '.join(left_open)} ({reasons})")
            case (letters.BROKEN, why):
                raise HostError(f"the wall around the sandbox does not stand: {why}")
            case _:
                raise HostError(_NOT_AS_IT_SHOULD)

    def _worker_command(self) -> list[str]:
        main = str(_PACKAGE / "worker" / "__main__.py")
        # Where ours was installed without being compiled, the first start compiles it for all others: before a
        # submission is there, and as this process would do.
        written = ("-B",) if sys.dont_write_bytecode else ()
        command = [interpreter(), *_ISOLATED, "-S", *written, "-X", "utf8", main]
        if sys.platform == "darwin" and self._wanted and Path(macos.TOOL).exists():
            readable = [*read_roots(self._sites, self._protected).readable, _PACKAGE]
            return [*macos.command_prefix(macos.profile(Path(sys.executable), readable)), *command]
        return command

    def _launch(self) -> ProcessWorker:
        uid: int | None = None
        try:
            uid = take_uid() if self._is_split() else None
            if self._nursery is not None:
                child: Child = self._nursery.fork(self._channel)
            else:
                child = executed(self._command, self._arguments(), self._channel)
                child.channel.post(encode(self._wall_letter(uid)))
        except OSError as error:
            if uid is not None:
                give_back_uid(uid)
            raise _cannot_start(error) from error
        worker = ProcessWorker(child, self, uid)
        self._uids[worker.pid] = uid
        return worker

    def _arguments(self) -> list[str]:
        return [str(_PACKAGE.parent), *self._sites]

    def _wall_letter(self, uid: int | None = None) -> Value:
        if uid is None and self._is_split():
            # Any of those that workers become: whether it can be done is what is asked.
            uid = FIRST_UID
        protected = list(map(os.fsencode, self._protected))
        return (letters.WALL, sorted(self._wanted), protected, os.getpid(), uid, self._known)

    def _is_split(self) -> bool:
        """Whether each worker becomes a user of its own."""
        return sys.platform != "win32" and os.geteuid() == 0 and "uid" in self._wanted

    def knows_machine(self) -> bool:
        """Whether an earlier worker has said what it found out about this machine."""
        return self._known is not None

    def holds_alone(self) -> bool:
        """Whether a worker of this box can start no other process: the kernel refuses it."""
        return any(layer.name == "seccomp" and layer.in_force for layer in self._layers)

    def forget(self, pid: int) -> None:
        """Take note that a worker is gone."""
        uid = self._uids.pop(pid, None)
        if uid is not None:
            give_back_uid(uid)


def _cannot_start(error: OSError) -> HostError:
    if isinstance(error, ZygoteGoneError):
        return HostError(f"{_NOT_AS_IT_SHOULD}{': ' if str(error) else ''}{error}")
    return HostError(f"cannot start {interpreter()}: {told_by_the_system(error)}")


def _layer(name: str, in_force: bool, why: str) -> Layer:
    """Return what a worker says of one layer, and what is done in its place."""
    if in_force is not True and name in INSTEAD:
        return Layer(str(name), in_force=False, detail=f"{why}; instead, {INSTEAD[name]}", replaced=True)
    return Layer(str(name), in_force is True, str(why))


def _site_folders() -> list[str]:
    """Return the folders that hold numpy and, where it is installed, scipy."""
    specs = map(importlib.util.find_spec, ("numpy", "scipy"))
    return list({str(Path(spec.origin).parent.parent): None for spec in specs if spec and spec.origin})
