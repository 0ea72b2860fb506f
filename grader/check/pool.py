"""Tasks in parallel: helper processes with a box each, handed one task at a time.

Processes and not threads: a box that ends a worker looks for its descendants among this process's children, and
would take another thread's newborn worker for one of them.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from grader.check.tasks import Clock, Room, Task
from grader.errors import GraderError, HostError
from grader.grade import Exam
from grader.sandbox import ProcessBox
from grader.sandbox.parent import close_to_tracers

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Connection
else:
    from multiprocessing.connection import Connection

_SPARE = 2
"""Workers that are started ahead: one for the task at hand, one that gets ready meanwhile."""

Progress = Callable[[int, int], None]
"""Told how many tasks are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a helper makes its room from.

    Attributes:
        exam: the whole.
        protected: paths that no worker may read.
        clock: a function at the top level of a module, so that another process finds it.
    """

    exam: Exam
    protected: tuple[Path, ...]
    clock: Clock

    @contextlib.contextmanager
    def room(self) -> Iterator[tuple[Room, ProcessBox]]:
        """Open a box, for as long as the context lasts."""
        with contextlib.closing(ProcessBox("auto", self.protected)) as box:
            yield Room(self.exam, box, self.clock), box


def run_all(setup: Setup, tasks: Sequence[Task], jobs: int, progress: Progress) -> list[Any]:
    """Run the tasks and return their results, in the tasks' order.

    Args:
        setup: what each helper needs.
        tasks: what to do.
        jobs: how many helpers; with one, this process does it.
        progress: told after each task.

    Raises:
        HostError: the machine is at fault.
    """
    progress(0, len(tasks))
    if jobs == 1:
        return _run_here(setup, tasks, progress)
    with _helpers(setup, min(jobs, len(tasks))) as connections:
        return _hand_out(tasks, connections, progress)


def _run_here(setup: Setup, tasks: Sequence[Task], progress: Progress) -> list[Any]:
    results = []
    with setup.room() as (room, box):
        for task in tasks:
            box.warm_up(_SPARE)
            results.append(task.run(room))
            progress(len(results), len(tasks))
    return results


@contextlib.contextmanager
def _helpers(setup: Setup, count: int) -> Iterator[list[Connection]]:
    context = multiprocessing.get_context("spawn")
    processes: list[SpawnProcess] = []
    connections: list[Connection] = []
    try:
        for _ in range(count):
            ours, theirs = context.Pipe()
            connections.append(ours)
            process = context.Process(target=serve, args=(setup, theirs), daemon=True)
            with _deferred(), _untouched_by_interrupts():
                process.start()
            processes.append(process)
            theirs.close()
        yield connections
    finally:
        for connection in connections:
            connection.close()
        for process in processes:
            # One that is idle sees its pipe's end; one that is busy will not be waited for.
            process.join(1)
            process.terminate()
            process.join()


@contextlib.contextmanager
def _deferred() -> Iterator[None]:
    """Let a signal that comes meanwhile take effect at the end: a helper that is half started would complain.

    To block it does not do: where there are other threads, as a BLAS has, one of them takes it.
    """
    came: list[int] = []
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    kept = {number: handler for number, handler in handlers.items() if callable(handler)}
    for number in kept:
        signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
        for late in came:
            signal.raise_signal(late)


@contextlib.contextmanager
def _untouched_by_interrupts() -> Iterator[None]:
    """Keep Ctrl-C, which reaches every process of the terminal, from those that are started meanwhile."""
    if sys.platform == "win32":
        yield
        return
    # It starts with the first process, and lets these signals through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _hand_out(tasks: Sequence[Task], connections: list[Connection], progress: Progress) -> list[Any]:
    results: list[Any] = [None] * len(tasks)
    waiting = iter(range(len(tasks)))
    busy: set[Connection[Any, Any]] = set()
    done = 0
    for connection, number in zip(connections, waiting, strict=False):
        _send(connection, (number, tasks[number]))
        busy.add(connection)
    while busy:
        for connection in busy.intersection(wait(busy)):
            number, result = _received(connection)
            results[number] = result
            done += 1
            progress(done, len(tasks))
            following = next(waiting, None)
            if following is None:
                busy.remove(connection)
            else:
                _send(connection, (following, tasks[following]))
    return results


_ENDED = "a process that grades for the check has ended; its message stands above"


def _send(connection: Connection, task: tuple[int, Task]) -> None:
    try:
        connection.send(task)
    except OSError:
        # A broken pipe would be taken for one of standard output's.
        raise HostError(_ENDED) from None


def _received(connection: Connection) -> tuple[int, Any]:
    try:
        number, result, fault = connection.recv()
    except (EOFError, OSError):
        raise HostError(_ENDED) from None
    if fault:
        raise HostError(fault)
    return number, result


def serve(setup: Setup, connection: Connection) -> None:
    """Do what comes through `connection` until its other end is closed: a helper's whole life."""
    # The process that was asked decides what Ctrl-C does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    close_to_tracers()
    with setup.room() as (room, box), contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            box.warm_up(_SPARE)
            number, task = connection.recv()
            try:
                answer = (number, task.run(room), "")
            except GraderError as error:
                answer = (number, None, str(error))
            connection.send(answer)
