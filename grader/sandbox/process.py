"""A box that starts one clean interpreter per worker.

Theory of operation: the parent execs `python -I -S` on `grader/worker/__main__.py` in a new session, with an
empty environment and three pipes: letters in, letters out, and one for all that is printed. The child holds no
other descriptor. The parent alone measures time and reads statuses; when it has seen enough it kills the child,
every descendant of it, and every orphan of theirs that has come to the parent.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import grader
from grader.errors import HostError
from grader.sandbox.box import Delivered, Gone, Noise, Overdue, Reply
from grader.sandbox.channel import Channel, Frame, Junk, Late
from grader.sandbox.descendants import Family, adopt_orphans
from grader.wire import Value, WireError, decode, encode
from grader.worker import letters

_START_SECONDS = 30.0
_EXIT_SECONDS = 1.0
_MIB = 1 << 20
_PACKAGE = Path(grader.__file__).parent


class ProcessBox:
    """Starts a fresh interpreter for every worker.

    Raises:
        HostError: this platform cannot run a box.
    """

    def __init__(self) -> None:
        if sys.platform == "win32":
            raise HostError("grading needs a POSIX system; on Windows use WSL or a container")
        main = str(_PACKAGE / "worker" / "__main__.py")
        self._interpreter = [sys.executable, "-I", "-S", "-B", "-X", "utf8", main]
        self._folders = [str(_PACKAGE.parent), *_site_folders()]
        self._roots: set[int] = set()
        self._spare: ProcessWorker | None = None
        adopt_orphans()

    def facts(self) -> dict[str, str]:
        """Return what stands between a worker and the machine."""
        space = "in force" if sys.platform == "linux" else "not on this platform"
        return {"process": "in force", "environment": "in force", "limits": "in force", "address space": space}

    def warm_up(self) -> None:
        """Start an interpreter for the next `start`: it imports numpy while the caller does something else."""
        if self._spare is None:
            self._spare = self._launch()

    def start(self, memory_mb: int, cpu_seconds: int) -> ProcessWorker:
        """Return a worker that gets ready while the caller goes on; `ask` waits for it.

        Raises:
            HostError: the machine cannot start one.
        """
        worker, self._spare = self._spare or self._launch(), None
        worker.settings = (letters.SETTINGS, memory_mb * _MIB, cpu_seconds)
        return worker

    def close(self) -> None:
        """End what `warm_up` has started."""
        if self._spare is not None:
            self._spare.close()
            self._spare = None

    def _launch(self) -> ProcessWorker:
        try:
            return ProcessWorker(self._interpreter, self._folders, self._roots)
        except OSError as error:
            raise HostError(f"cannot start {sys.executable}: {error}") from error


class ProcessWorker:
    """One interpreter, from exec to its last descendant's end.

    Attributes:
        settings: the first letter, to be sent before any other.

    Args:
        interpreter: what to exec, without the worker's own arguments.
        folders: where the worker finds ours and numpy.
        roots: the process ids of all live workers of the box; kept up to date.
    """

    def __init__(self, interpreter: list[str], folders: list[str], roots: set[int]) -> None:
        pipes = [os.pipe() for _ in range(3)]
        (child_requests, requests), (answers, child_answers), (prints, child_prints) = pipes
        try:
            self._process = subprocess.Popen(
                [*interpreter, str(child_requests), str(child_answers), *folders],
                stdin=subprocess.DEVNULL,
                stdout=child_prints,
                stderr=child_prints,
                pass_fds=(child_requests, child_answers),
                env={},
                cwd="/",
                start_new_session=True,
            )
        except OSError:
            for descriptor in (requests, answers, prints):
                os.close(descriptor)
            raise
        finally:
            for descriptor in (child_requests, child_answers, child_prints):
                os.close(descriptor)
        self._channel = Channel(requests, answers, prints, _exit_descriptor(self._process.pid))
        self._family = Family(self._process.pid)
        self.settings: Value | None = None
        self._roots = roots
        self._closed = False
        roots.add(self._process.pid)

    def ask(self, letter: Value, seconds: float) -> Reply:
        """Send a letter and wait for the answer, at most `seconds`.

        Raises:
            HostError: the worker has not even got ready.
        """
        if self.settings is not None:
            settings, self.settings = self.settings, None
            ready = self._exchange(settings, _START_SECONDS)
            if not (isinstance(ready, Delivered) and ready.letter == (letters.READY,)):
                self.close()
                raise HostError(f"the sandboxed Python does not start: {_last_line(ready.printed) or ready}")
        reply = self._exchange(letter, seconds)
        if not isinstance(reply, Delivered):
            self.close()
        return reply

    def close(self) -> None:
        """End the process with all of its descendants."""
        if self._closed:
            return
        self._closed = True
        self._family.kill(self._roots - {self._process.pid})
        self._process.wait()
        self._roots.discard(self._process.pid)
        self._channel.close()

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
        try:
            return Gone(self._process.wait(_EXIT_SECONDS), taken, printed)
        except subprocess.TimeoutExpired:
            return Noise("it has closed its end of the door", taken, printed)


def _exit_descriptor(pid: int) -> int | None:
    """Return a descriptor that is readable once the process has ended; None where there is no such thing."""
    if sys.platform != "linux":
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""


def _site_folders() -> list[str]:
    """Return the folders that hold numpy and, where it is installed, scipy."""
    specs = map(importlib.util.find_spec, ("numpy", "scipy"))
    return list({str(Path(spec.origin).parent.parent): None for spec in specs if spec and spec.origin})
