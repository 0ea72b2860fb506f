"""The grader's side of a zygote: workers forked from a warm interpreter, on Linux."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from typing import IO

from grader.sandbox.descendants import Family, reap_orphans, ticks
from grader.sandbox.pipes import WorkerEnds
from grader.wire import Value, encode
from grader.worker import letters

_PATIENCE_SECONDS = 30.0
_LAST_WORDS_BYTES = 1 << 16


class ZygoteGoneError(OSError):
    """The process that forks workers has ended, or does not answer; says what it said last."""


if sys.platform == "linux":
    from grader.sandbox.posix import ENVIRONMENT

    class _Contact:
        """One end of the socket at whose other end a zygote listens.

        Attributes:
            owner: the process that may use it.

        Args:
            control: the socket.
            prints: what the zygote prints, where it can be read.
        """

        def __init__(self, control: socket.socket, prints: IO[bytes] | None = None) -> None:
            self.owner = os.getpid()
            control.settimeout(_PATIENCE_SECONDS)
            self._control, self._prints = control, prints
            self._lock = threading.RLock()

        def fork(self, ends: WorkerEnds) -> ForkedProcess:
            """Return a worker that has these ends.

            Raises:
                ZygoteGoneError: the zygote is of no more use.
                OSError: the machine cannot start another process.
            """
            with self._lock:
                since = ticks()
                try:
                    socket.send_fds(self._control, [b"f"], ends)
                    pid = self._number()
                except OSError as error:
                    said = self._last_words()
                    self.close()
                    # It may have ended between forking a worker and saying so.
                    reap_orphans(since)
                    raise ZygoteGoneError(said) from error
            if pid < 0:
                raise OSError(-pid, os.strerror(-pid))
            try:
                return ForkedProcess(pid, self, os.pidfd_open(pid))
            except OSError:
                # Nothing would tell when it ends.
                os.kill(pid, signal.SIGKILL)
                self.status(pid)
                raise

        def status(self, pid: int) -> int | None:
            """Return the exit status of a worker that has ended, negative for a signal's number.

            None when the zygote had ended before, so that it took the worker along.
            """
            with self._lock:
                try:
                    self._control.send(b"w" + letters.NUMBER.pack(pid))
                    return self._number()
                except OSError:
                    # An answer that comes late would be taken for the next one's.
                    self.close()
            return _orphans_status(pid)

        def close(self) -> None:
            """End it, and with it all of its workers; may be called twice."""
            raise NotImplementedError

        def twin(self) -> tuple[int, socket.socket]:
            """Return the process id of another zygote, which this one has forked, and the socket to it.

            Raises:
                OSError: there is none.
            """
            ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                with its, self._lock:
                    socket.send_fds(self._control, [b"z"], [its.fileno()])
                    pid = self._number()
            except OSError:
                ours.close()
                # An answer that comes late would be taken for the next one's.
                self.close()
                raise
            if pid < 0:
                ours.close()
                raise OSError(-pid, os.strerror(-pid))
            return pid, ours

        def _number(self) -> int:
            reply = self._control.recv(letters.ORDER)
            if not reply:
                raise ConnectionError("the process that starts workers has ended")
            (number,) = letters.NUMBER.unpack(reply)
            return int(number)

        def _last_words(self) -> str:
            """Return the last line of what it printed."""
            said = b""
            with contextlib.suppress(OSError, ValueError):
                if self._prints is not None:
                    os.set_blocking(self._prints.fileno(), False)
                    said = os.read(self._prints.fileno(), _LAST_WORDS_BYTES)
            return said.decode(errors="replace").strip().rpartition("\n")[2]

    class Zygote(_Contact):
        """A process that forks workers, started by this one.

        Args:
            command: what to exec.
            arguments: what follows the zygote's own.
            wall: the letter that says which wall to prepare.

        Raises:
            OSError: it cannot be started.
        """

        def __init__(self, command: Sequence[str], arguments: Sequence[str], wall: Value) -> None:
            tied = threading.current_thread() is threading.main_thread()
            ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                with its, os.fdopen(os.memfd_create("wall"), "wb+") as letter:
                    letter.write(encode((wall, tied)))
                    letter.seek(0)
                    # Said before any worker's family looks for orphans: this child is none.
                    with Family.births:
                        process = subprocess.Popen(
                            [*command, "zygote", str(its.fileno()), *arguments],
                            stdin=letter,
                            stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT,
                            pass_fds=(its.fileno(),),
                            env=ENVIRONMENT,
                            cwd="/",
                            start_new_session=True,
                        )
                        family = Family(process.pid)
            except OSError:
                ours.close()
                raise
            super().__init__(ours, process.stdout)
            self._process = process
            self._finish = weakref.finalize(self, _finish, process, ours, family, self.owner)

        def close(self) -> None:
            """End it, and with it all of its workers; may be called twice."""
            with self._lock:
                self._finish()

    class Twin(_Contact):
        """A zygote that another one has forked: it ends with that one, or when the socket to it is closed.

        It is for one fork of this process; to close it here leaves it to that.

        Args:
            elder: the other one.

        Raises:
            OSError: it cannot be had.
        """

        def __init__(self, elder: Zygote | Twin) -> None:
            pid, ours = elder.twin()
            try:
                self._ended = os.pidfd_open(pid)
            except OSError:
                ours.close()
                raise
            super().__init__(ours)
            self._maker = self.owner
            self._finish = weakref.finalize(self, _leave, ours, self._ended)

        def close(self) -> None:
            """End it, and with it all of its workers; may be called twice."""
            with self._lock:
                if self._finish.alive and self.owner != self._maker:
                    # It may be one that listens no more.
                    with contextlib.suppress(OSError):
                        signal.pidfd_send_signal(self._ended, signal.SIGKILL)
                self._finish()

    def _leave(control: socket.socket, ended: int) -> None:
        control.close()
        os.close(ended)

    def _finish(process: subprocess.Popen[bytes], control: socket.socket, family: Family, owner: int) -> None:
        control.close()
        if process.stdout is not None:
            process.stdout.close()
        if os.getpid() == owner:
            process.kill()
            process.wait()
            family.forget()

    def _orphans_status(pid: int) -> int | None:
        """Return the exit status of a worker that came to this process when its zygote ended."""
        try:
            _, status = os.waitpid(pid, 0)
        except ChildProcessError:
            return None
        code = os.waitstatus_to_exitcode(status)
        return None if code == -signal.SIGKILL else code

    class ForkedProcess:
        """A worker that a zygote has forked: what `subprocess.Popen` offers of a child, for one that is not ours.

        Attributes:
            pid: its process id.
            lost: whether it has ended because its zygote has; its status is then that of a killed process.

        Args:
            pid: its process id.
            zygote: its parent.
            ended: descriptor that is readable once it has ended.
        """

        def __init__(self, pid: int, zygote: _Contact, ended: int) -> None:
            self.pid = pid
            self.lost = False
            self._zygote, self._ended = zygote, ended
            self._poll = select.poll()
            self._poll.register(ended, select.POLLIN)
            self._status: int | None = None

        def poll(self) -> int | None:
            """Return the exit status, or None while it runs."""
            try:
                return self.wait(0)
            except subprocess.TimeoutExpired:
                return None

        def wait(self, timeout: float | None = None) -> int:
            """Return the exit status.

            Raises:
                TimeoutExpired: it has not ended within `timeout` seconds.
            """
            if self._status is None:
                if not self._poll.poll(None if timeout is None else timeout * 1000):
                    raise subprocess.TimeoutExpired("worker", timeout or 0)
                status = self._zygote.status(self.pid)
                self.lost = status is None
                self._status = -signal.SIGKILL if status is None else status
                os.close(self._ended)
            return self._status
