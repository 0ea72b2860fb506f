"""What grades many submissions, wherever it runs: tasks in, finished reports out as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from grader.errors import UserError
from grader.plainly import printable
from grader.report import Report
from grader.submission import NOWHERE, Origin, Submission, read_submission

ATTEMPTS = 3
"""How often a submission whose grading process dies is tried before it is set aside."""


@dataclass(frozen=True, slots=True)
class Task:
    """A submission to grade.

    Attributes:
        id: names its report.
        path: the file or folder that was handed in.
        entry: the file of a folder that is run; empty for the usual one.
        origin: who handed it in, and when.
        refusal: why it cannot be graded, where the intake has found that already.
        shown: what it is called where it has no report; by default its path.
    """

    id: str
    path: Path
    entry: str = ""
    origin: Origin = NOWHERE
    refusal: str = ""
    shown: str = ""

    def submission(self) -> Submission:
        """Read what was handed in.

        Raises:
            UserError: it cannot be read.
        """
        if self.refusal:
            return Submission(self.id, "", (), origin=self.origin, refusal=self.refusal)
        return read_submission(self.path, self.id, entry=self.entry, origin=self.origin)


@dataclass(frozen=True, slots=True)
class Finished:
    """A submission that has been graded, or could not be read.

    Attributes:
        task: which.
        report: as JSON, ready to be written; empty when the submission cannot be read.
        status: the report's; `refused` when there is none.
        problem: why it cannot be run, or the machine's fault; one line.
    """

    task: Task
    report: str
    status: str
    problem: str = ""

    @classmethod
    def of(cls, task: Task, report: Report) -> Finished:
        """Return what a report says."""
        problem = "; ".join(report.staff_messages) if report.status == "host_fault" else task.refusal
        return cls(task, report.to_json(), report.status, problem)

    @classmethod
    def refused(cls, task: Task, reason: str) -> Finished:
        """Return why there is no report."""
        return cls(task, "", "refused", reason)

    @property
    def line(self) -> str:
        """Which submission it is, and the problem with it."""
        name = self.task.id if self.report else self.task.shown or printable(str(self.task.path))
        return f"{name}: {self.problem}"


def read(task: Task) -> tuple[Task, Submission]:
    """Return a task and its submission, which is a refused one where a platform names somebody: who gets a report.

    Raises:
        UserError: it cannot be read, and nobody is named.
    """
    try:
        return task, task.submission()
    except UserError as error:
        # Its path may be one of ours, and new in every run.
        where = printable(str(task.path))
        why = str(error).removeprefix(f"{where}: ").removeprefix(f"{where}/")
        if task.origin.platform == "plain":
            raise UserError(why) from error
        task = replace(task, refusal=why)
        return task, task.submission()


Grade = Callable[[Task], Finished]
"""Grades one submission, wherever it is called."""


class Engine(Protocol):
    """Grades tasks, several at a time."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Finished | None]:
        """Yield each submission as it is finished, and None now and then when nothing has happened.

        Raises:
            HostError: nothing can be graded here.
        """

    def running(self) -> Sequence[str]:
        """Return the ids of the submissions that are being graded now."""

    def close(self) -> None:
        """End everything that was started; what is being graded is lost."""


class SerialEngine:
    """Grades in this process, one after the other.

    Args:
        grade_one: grades one submission; whoever made it ends what it has started.
    """

    def __init__(self, grade_one: Grade) -> None:
        self._grade_one = grade_one
        self._running: list[str] = []

    def run(self, tasks: Iterable[Task]) -> Iterator[Finished | None]:
        """Yield each submission as it is finished, and None before each, so that it can be named."""
        for task in tasks:
            self._running = [task.id]
            yield None
            finished = self._grade_one(task)
            self._running = []
            yield finished

    def running(self) -> list[str]:
        """Return the id of the submission that is being graded now."""
        return self._running

    def close(self) -> None:
        """Do nothing: nothing was started."""
