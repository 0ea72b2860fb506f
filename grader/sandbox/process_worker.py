"""A worker of the process box: letters to a process, its limits, folders and end."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import Protocol

from grader.errors import HostError
from grader.sandbox.box import Delivered, Foreseen, Gone, Needs, Noise, Overdue, Reply
from grader.sandbox.channel import Event, Frame, Junk, Late, one_by_one
from grader.sandbox.child import Child
from grader.sandbox.copy import FolderCopy
from grader.sandbox.scratch import Scratch
from grader.wire import Value, WireError, encode, frame
from grader.worker import letters
from grader.worker.answers import unseal
from grader.worker.bundles import bundle

_START_SECONDS = 30.0
_EXIT_SECONDS = 1.0
_MIB = 1 << 20
_NEAR = 0.8
_BUNDLED_BYTES = 4 * _MIB


class Keeper(Protocol):
    """The box that a worker belongs to."""

    def check(self, letter: Value) -> None:
        """Take note of how the worker's wall stands; raises `HostError` when it does not."""

    def knows_machine(self) -> bool:
        """Whether an earlier worker has said what it found out about this machine."""

    def holds_alone(self) -> bool:
        """Whether the worker can start no other process."""

    def forget(self, pid: int) -> None:
        """Take note that the worker is gone."""


class ProcessWorker:
    """One interpreter, from its start to its last descendant's end.

    Attributes:
        pid: its process id.

    Args:
        child: what has been started.
        box: whose worker this is.
        uid: the user that it becomes; None for the box's own.
    """

    def __init__(self, child: Child, box: Keeper, uid: int | None) -> None:
        self.pid = child.pid
        self._child, self._channel = child, child.channel
        self._settings: Value | None = None
        self._needs = Needs(memory_mb=0, cpu_seconds=0)
        self._scratch: Scratch | None = None
        self._copy: FolderCopy | None = None
        self._box, self._uid = box, uid
        self._closed = False

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
        self._settings = (
            letters.SETTINGS,
            *limits,
            os.fsencode(folder),
            scratch,
            needs.scratch_mb * _MIB,
            self._uid,
            self._box.knows_machine(),
        )

    def ask(self, letter: Value, seconds: float) -> Reply:
        """Send a letter and wait for the answer, at most `seconds`.

        Raises:
            HostError: the worker has not even got ready.
        """
        lost = self._get_ready()
        if lost is not None:
            return lost
        return self._checked(self._exchange(encode(letter), seconds))

    def ask_all(
        self, payloads: Sequence[bytes], seconds: float, deadline: float, foreseen: Sequence[bytes | None]
    ) -> Iterator[Reply | Foreseen]:
        """Send several letters, encoded, and give the answer to each when it comes, up to the first that does not.

        Raises:
            HostError: the worker has not even got ready.
        """
        lost = self._get_ready()
        if lost is not None:
            yield lost
            return
        if self._scratch is None:
            made = self._channel.exchange_all(payloads, _framed, seconds, deadline)
        else:
            # It is looked at after each of them: who has written too much is to be known.
            made = one_by_one(self._channel, payloads, seconds, deadline)
        same = Foreseen(0.0, "")
        for (event, taken, printed), likely in zip(made, foreseen, strict=False):
            if type(event) is Frame and event.payload == likely and self._scratch is None:
                # Those of a burst have taken the same time, and most print nothing.
                same = same if same == (taken, printed) else Foreseen(taken, printed)
                yield same
                continue
            reply = self._checked(self._reply(event, taken, printed))
            yield reply
            if not isinstance(reply, Delivered):
                break

    def near_memory_limit(self) -> bool:
        """Whether its address space has ever come close to its limit; False where nobody knows."""
        return self._child.peak_memory() > _NEAR * self._needs.memory_mb * _MIB

    def close(self) -> None:
        """End the process with all of its descendants."""
        if self._closed:
            return
        self._closed = True
        self._child.end(alone=self._box.holds_alone())
        self._box.forget(self.pid)
        for place in (self._scratch, self._copy):
            if place is not None:
                place.remove()

    def _get_ready(self) -> Gone | None:
        """See that the wall stands, before the first letter; return how it ended if that was no fault of its own.

        Raises:
            HostError: the worker does not get ready.
        """
        if self._settings is None:
            return None
        settings, self._settings = self._settings, None
        ready = self._exchange(encode(settings), _START_SECONDS)
        if isinstance(ready, Gone) and ready.lost:
            self.close()
            return ready
        try:
            self._box.check(ready.letter if isinstance(ready, Delivered) else None)
        except HostError as error:
            self.close()
            last = ready.printed.strip().rpartition("\n")[2]
            raise HostError(f"{error}{': ' if last else ''}{last}") from None
        return None

    def _checked(self, reply: Reply) -> Reply:
        """Return the reply, or that its scratch is too full; after anything but an answer, end the worker."""
        if self._scratch is not None and self._scratch.is_too_full():
            reply = Noise("it has written more than its scratch folder may hold", reply.seconds, reply.printed)
        if not isinstance(reply, Delivered):
            self.close()
        return reply

    def _exchange(self, payload: bytes, seconds: float) -> Reply:
        event, taken = self._channel.exchange(payload, seconds)
        return self._reply(event, taken, self._channel.printed())

    def _reply(self, event: Event, taken: float, printed: str) -> Reply:
        if isinstance(event, Frame):
            try:
                return Delivered(unseal(event.payload), taken, printed)
            except WireError as error:
                return Noise(str(error), taken, printed)
        if isinstance(event, Late):
            return Overdue(taken, printed)
        if isinstance(event, Junk):
            return Noise(event.reason, taken, printed)
        status = self._child.wait(_EXIT_SECONDS)
        if status is None:
            return Noise("it has closed its end of the door", taken, printed)
        return Gone(status, taken, printed, self._child.is_lost())


def _framed(payloads: Sequence[bytes]) -> bytes:
    """Return the bytes that bring a worker several letters at once."""
    # Larger ones are too much to keep, and take their time in any case.
    if len(payloads) > 1 and sum(map(len, payloads)) < _BUNDLED_BYTES:
        # Many small numbers take several times as much in a bundle.
        with contextlib.suppress(WireError):
            return frame(bundle(tuple(payloads)))
    return b"".join(map(frame, payloads))
