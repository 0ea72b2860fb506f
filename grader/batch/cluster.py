"""Grading on a Dask cluster: plan and key go to each worker once, then only submissions and reports travel.

Theory of operation: a plugin sets up a grading room in every worker process, also in those that come later: the
exam, a box with a zygote of its own, its canaries graded. The client sends a few submissions more than there are
workers and writes what comes back. What a lost worker was grading is graded elsewhere by Dask's own rules; a
submission that has taken `ATTEMPTS` workers down is set aside. All who speak here trust each other.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
import platform
import re
import signal
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader import __version__
from grader.batch.engine import ATTEMPTS, Finished, Task, read
from grader.batch.run import grader_of
from grader.errors import HostError, UserError
from grader.grade import Exam
from grader.key import load_key
from grader.plan import load_plan
from grader.sandbox import Isolation, ProcessBox, canaries
from grader.sandbox.parent import close_to_tracers
from grader.submission import Origin, Submission

try:
    import distributed
except ImportError as error:
    raise UserError("grading on a cluster needs Dask: pip install distributed") from error

_AHEAD = 3
_TICK_SECONDS = 0.5
_CONNECT_SECONDS = 10
_CLOSE_SECONDS = 5
_GONE = "the cluster's scheduler does not answer any more; what is graded is kept"
_PACKAGES = "grader, Python, numpy, scipy"
_ADDRESS = re.compile(r"local:[1-9][0-9]{0,2}|[a-z]+://.+")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A submission on its way to a worker.

    Attributes:
        id: names its report.
        entry: the file that is run.
        files: every file's content by its path within the submission.
        is_folder: whether a folder was handed in.
        origin: who handed it in, and when.
        refusal: why it cannot be graded, where that is known.
    """

    id: str
    entry: str
    files: tuple[tuple[str, bytes], ...]
    is_folder: bool
    origin: Origin
    refusal: str

    @classmethod
    def of(cls, task: Task, submission: Submission) -> Parcel:
        """Return what of a submission must travel.

        Raises:
            OSError: it cannot be read any more.
        """
        folder = submission.folder
        files = (
            (file.name, (folder / file.name if folder else task.path).read_bytes()) for file in submission.files
        )
        return cls(task.id, task.entry, tuple(files), folder is not None, task.origin, task.refusal)

    def task(self, folder: Path) -> Task:
        """Unpack it into an empty folder and return what to grade there."""
        for name, content in self.files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        path = folder if self.is_folder or not self.files else folder / self.files[0][0]
        return Task(self.id, path, self.entry, self.origin, self.refusal)


class Room(distributed.WorkerPlugin):  # type: ignore[misc]  # it is Any: see pyproject.toml
    """What a worker process needs to grade, set up once in each.

    Attributes:
        is_here: whether the workers are processes of the terminal at which the batch was started.

    Args:
        plan: the plan's file.
        key: the key's file.
        isolation: how much of a wall is asked for.
        clock: gives seconds from some start, and the time of day in ISO 8601.
    """

    def __init__(
        self, plan: bytes, key: bytes, isolation: Isolation, clock: Callable[[], tuple[float, str]]
    ) -> None:
        self._plan, self._key, self._isolation, self._clock = plan, key, isolation, clock
        self._versions = versions()
        self.is_here = False
        self.name = "grader"

    def setup(self, worker: Any) -> None:
        """Open the room in a worker process.

        Raises:
            HostError: marks that are made here are not those that are made where the batch was started.
        """
        if versions() != self._versions:
            raise HostError(f"it has {_PACKAGES} {versions()}, not {self._versions}")
        if self.is_here and threading.current_thread() is threading.main_thread():
            # Ctrl-C goes to everything in the terminal; the batch decides what it means.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        close_to_tracers()
        box = ProcessBox(self._isolation)
        canaries.judge(box)
        exam = Exam.of(load_plan(self._plan), load_key(self._key))
        # One submission at a time in each process, however many threads it has.
        worker.grading_room = (box, threading.Lock(), grader_of(exam, box, self._clock))

    def teardown(self, worker: Any) -> None:
        """Close the room."""
        if hasattr(worker, "grading_room"):
            worker.grading_room[0].close()


def grade_parcel(parcel: Parcel) -> tuple[str, str, str]:
    """Grade a submission in this worker's room and return report, status and problem.

    Raises:
        HostError: the room could not be set up; the worker's log says why.
    """
    worker = distributed.get_worker()
    if not hasattr(worker, "grading_room"):
        raise HostError(f"the worker at {worker.address} could not be set up; its log says why")
    _, lock, grade_one = worker.grading_room
    with lock, tempfile.TemporaryDirectory(prefix="grader-parcel-") as folder:
        finished = grade_one(parcel.task(Path(folder)))
    return finished.report, finished.status, finished.problem


def versions() -> tuple[str, str, str, str]:
    """Return what marks depend on besides plan and key: the grader's version, Python's, numpy's and scipy's."""
    scipy = next((found.version for found in importlib.metadata.distributions(name="scipy")), "none")
    return __version__, platform.python_version(), np.__version__, scipy


class ClusterEngine:
    """Grades on a cluster.

    Args:
        address: of the scheduler, `tcp://host:8786`, or `local:N` for N processes of this machine.
        room: what each worker sets up.
        give_up: makes the report of a submission that has taken workers down.

    Raises:
        UserError: the address means nothing.
        HostError: the cluster cannot be reached, or is not as it must be.
    """

    def __init__(self, address: str, room: Room, give_up: Callable[[Task, str], Finished]) -> None:
        self._give_up = give_up
        self._cluster: Any = None
        self._in_work: dict[Any, Task] = {}
        self._client: Any = None
        try:
            self._connect(address)
            room.is_here = self._cluster is not None
            self._prepare(room)
        except BaseException:
            self.close()
            raise

    def _connect(self, address: str) -> None:
        if not _ADDRESS.fullmatch(address):
            raise UserError(f"--cluster {address}: give tcp://host:port, or local:N")
        for name in ("", ".batched", ".client", ".core", ".comm", ".scheduler", ".worker"):
            # What matters is told by us, in a line.
            logging.getLogger(f"distributed{name}").setLevel(logging.CRITICAL)
        warnings.filterwarnings("ignore", module=r"distributed\.")
        try:
            if address.startswith("local:"):
                self._cluster = _local_cluster(int(address.removeprefix("local:")))
                address = self._cluster.scheduler_address
            self._client = distributed.Client(address, timeout=_CONNECT_SECONDS)
        except Exception as error:
            # Not OSError alone: what a TLS that is not configured raises is a TypeError.
            why = str(error) or type(error).__name__
            raise HostError(f"--cluster {address}: it cannot be reached ({why})") from error

    def _prepare(self, room: Room) -> None:
        try:
            found = self._client.run(versions)
            other = {where: which for where, which in found.items() if tuple(which) != versions()}
            if not other:
                self._client.register_plugin(room)
        except Exception as error:
            raise HostError(f"the cluster's workers cannot be set up: {error}") from error
        for where, which in other.items():
            raise HostError(f"the worker at {where} has {_PACKAGES} {which}; here it is {versions()}")

    def run(self, tasks: Iterable[Task]) -> Iterator[Finished | None]:
        """Yield each submission as it is finished, and None when nothing has happened for a moment."""
        waiting = iter(tasks)
        exhausted = False
        while not exhausted or self._in_work:
            room_for = self._room_for()
            while not exhausted and len(self._in_work) < room_for:
                task = next(waiting, None)
                exhausted = task is None
                if task is not None:
                    refused = self._send(task)
                    if refused is not None:
                        yield refused
            yield from self._finished()

    def _room_for(self) -> int:
        try:
            return max(1, len(self._client.nthreads())) * _AHEAD
        except Exception as error:
            raise HostError(_GONE) from error

    def _send(self, task: Task) -> Finished | None:
        """Send a task to the cluster; what cannot be read is finished at once."""
        try:
            task, submission = read(task)
            parcel = Parcel.of(task, submission)
        except UserError as error:
            return Finished.refused(task, str(error))
        except OSError as error:
            return Finished.refused(task, f"it cannot be read: {error.strerror}")
        # Not pure: the same bytes handed in by two students are two submissions.
        self._in_work[self._client.submit(grade_parcel, parcel, pure=False)] = task
        return None

    def _finished(self) -> Iterator[Finished | None]:
        try:
            done = distributed.wait(list(self._in_work), timeout=_TICK_SECONDS, return_when="FIRST_COMPLETED").done
        except distributed.TimeoutError:
            yield None
            return
        except Exception as error:
            raise HostError(_GONE) from error
        for future in done:
            task = self._in_work.pop(future)
            yield self._outcome(future, task)

    def _outcome(self, future: Any, task: Task) -> Finished:
        try:
            return Finished(task, *future.result())
        except distributed.KilledWorker:
            return self._give_up(task, "its grading process was ended again and again, on several workers")
        except Exception as error:  # noqa: BLE001  (whatever a worker raised, it is no fault of the student's)
            return self._give_up(task, f"the worker failed: {type(error).__name__}: {error}")

    def running(self) -> list[str]:
        """Return the ids of the submissions that have been sent."""
        return [task.id for task in self._in_work.values()]

    def close(self) -> None:
        """Let go of the cluster, and end it where it was started here."""
        # A scheduler that is gone must not keep the batch from ending.
        with contextlib.suppress(Exception):
            if self._client is not None:
                try:
                    self._client.cancel(list(self._in_work))
                    self._client.close(timeout=_CLOSE_SECONDS)
                finally:
                    # Else it tries again when it is collected, waits longer, and shows a traceback.
                    self._client.status = "closed"
        with contextlib.suppress(Exception):
            if self._cluster is not None:
                self._cluster.close(timeout=_CLOSE_SECONDS)


def _local_cluster(count: int) -> Any:
    cluster = distributed.LocalCluster(
        n_workers=count,
        threads_per_worker=1,
        dashboard_address=None,
        # A worker that is lost is replaced, and what cannot be graded is named by us.
        silence_logs=logging.CRITICAL,
        # Without a port of its own it warns, with any other Dask on this machine, that 8787 is taken.
        scheduler_kwargs={"allowed_failures": ATTEMPTS - 1, "dashboard_address": "127.0.0.1:0"},
    )
    # What waits for a worker waits at the scheduler: it is not blamed when the worker is lost.
    cluster.scheduler.WORKER_SATURATION = 1.0
    return cluster
