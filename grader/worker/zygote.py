"""A zygote: a clean interpreter with numpy loaded that forks a worker for each submission, in milliseconds.

It is started as a worker is, has seen no key and no submission, reads the WALL letter from standard input, to its
end, and then speaks with the grader over one socket:

    grader to zygote                                      zygote to grader
    b"f", with the worker's three descriptors             the worker's process id, 8 bytes; negative for the number
                                                          of the error for which there is none
    b"w" and a process id, of a worker that has ended     its exit status, negative for a signal's number, 8 bytes
    b"z", with one end of another socket                  the process id of another zygote, which listens there;
                                                          negative for the number of the error

What can be put up for all workers (rules, the filter, namespaces) is prepared here once; what is wrong with it,
each worker says. A worker dies with its zygote, and the zygote with the grader.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from grader.wire import decode
from grader.worker import letters
from grader.worker.bulwark import Bulwark, WallError
from grader.worker.wall.process import ParentGoneError, die_with

if sys.platform != "win32":

    def nurse(
        control: socket.socket,
        sites: Sequence[str],
        serve: Callable[[int, int, Sequence[str], Bulwark | str], None],
    ) -> None:
        """Fork workers until the grader closes its end.

        Args:
            control: the socket to the grader.
            sites: folders that imports need.
            serve: what a worker does, with its descriptors for letters and the wall to raise, or why there is
                none.
        """
        bulwark = _prepared(sites, *_told())
        # What is there now stays: a collection in a worker would only copy its pages.
        gc.collect()
        gc.freeze()
        while True:
            message, descriptors, *_ = socket.recv_fds(control, letters.ORDER, 3)
            if not message:
                return
            if message[:1] == b"f":
                reply = _fork(control, descriptors, lambda ends: serve(*ends, sites, bulwark))
            elif message[:1] == b"z":
                reply, control = _twin(control, descriptors[0], bulwark)
                if not reply:
                    continue
            else:
                _, status = os.waitpid(letters.NUMBER.unpack(message[1:])[0], 0)
                reply = os.waitstatus_to_exitcode(status)
            control.send(letters.NUMBER.pack(reply))

    def _told() -> tuple[tuple[Any, ...], bool]:
        """Return the WALL letter, and whether this process ends with the thread that has started it."""
        with os.fdopen(0, "rb", closefd=False) as stream:
            letter, tied = decode(stream.read())
        nothing = os.open(os.devnull, os.O_RDONLY)
        # 3 and 4 are kept for the workers' letters.
        for number in {0, 3, 4} - {nothing}:
            os.dup2(nothing, number, inheritable=False)
        if nothing not in {3, 4}:
            os.close(nothing)
        return letter, tied

    def _prepared(sites: Sequence[str], letter: tuple[Any, ...], tied: bool) -> Bulwark | str:
        """Return the wall that workers raise, or why there is none; see to this process's own end."""
        _, layers, protected, grader, uid, known = letter
        try:
            bulwark = Bulwark(layers, sites, list(map(os.fsdecode, protected)), grader, uid, known)
            bulwark.starter = os.getpid()
        except (WallError, OSError) as error:
            return str(error)
        finally:
            # Now: a change of namespaces makes the kernel forget it. It looks at the thread that has started us;
            # where that is one of several, its end is not the grader's. We see the end of the socket in any case.
            if tied:
                die_with(grader)
        return bulwark

    def _fork(control: socket.socket, descriptors: Sequence[int], work: Callable[[tuple[int, int]], None]) -> int:
        """Fork a worker on these descriptors, to read letters from, to write them to and to print to."""
        zygote = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            pid = -(error.errno or 1)
        if pid:
            for descriptor in descriptors:
                os.close(descriptor)
            return pid
        status = 1
        try:
            control.close()
            os.setsid()
            die_with(zygote)
            work(_placed(*descriptors))
            status = 0
        except ParentGoneError:
            # As the kernel would have done it a moment later.
            os.kill(os.getpid(), signal.SIGKILL)
        except BaseException:  # noqa: BLE001  (a worker must not go on as a zygote, whatever ends it)
            traceback.print_exc()
        finally:
            os._exit(status)

    def _twin(control: socket.socket, descriptor: int, bulwark: Bulwark | str) -> tuple[int, socket.socket]:
        """Fork a zygote that dies with this one; return its process id, 0 in itself, and where to listen now."""
        zygote = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            pid = -(error.errno or 1)
        if pid:
            os.close(descriptor)
            return pid, control
        control.close()
        os.setsid()
        if isinstance(bulwark, Bulwark):
            bulwark.move()
        # The kernel forgets it with the namespaces.
        die_with(zygote)
        return 0, socket.socket(fileno=descriptor)

    def _placed(requests: int, answers: int, prints: int) -> tuple[int, int]:
        """Move the descriptors to where a worker has them; a zygote keeps 3 and 4 free for letters."""
        # Of its own: the flags of one that is inherited are every worker's, and could carry a word to the next.
        nothing = os.open(os.devnull, os.O_RDONLY)
        places = ((nothing, 0), (prints, 1), (prints, 2), (requests, 3), (answers, 4))
        for descriptor, number in places:
            os.dup2(descriptor, number, inheritable=number < 3)
        for descriptor in (nothing, requests, answers, prints):
            os.close(descriptor)
        return 3, 4
