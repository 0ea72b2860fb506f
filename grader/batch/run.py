"""A batch from tasks to a full results folder: what is left to do, reports written as they come, and a tally."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from grader.batch.engine import Engine, Finished, Grade, Task, read
from grader.batch.folder import ResultsFolder
from grader.errors import HostError, UserError
from grader.grade import Exam, grade, submission_report
from grader.report import Report
from grader.sandbox import Box, Layer, Needs, Worker


@dataclass(slots=True)
class Progress:
    """How far a batch has come.

    Attributes:
        total: submissions in all.
        kept: those that had been graded before.
        finished: those that were finished now.
        statuses: how many reports have each status.
        problems: by status, one line for each submission that could not be run, by its number among the tasks.
        missing: how many submissions import each module that is neither theirs nor installed here.
        running: ids of what is being graded now.
    """

    total: int
    kept: int = 0
    finished: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    problems: defaultdict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    missing: Counter[str] = field(default_factory=Counter)
    running: Sequence[str] = ()

    @property
    def done(self) -> int:
        """Submissions that need nothing more."""
        return self.kept + self.finished

    def lines(self, status: str) -> list[str]:
        """Return the problems of a status in the order of the tasks, whichever was finished first."""
        return [line for _, line in sorted(self.problems[status].items())]


def run(
    engine: Engine, tasks: Sequence[Task], folder: ResultsFolder, progress: Progress
) -> Iterator[Finished | None]:
    """Grade `tasks`, write each report before it is counted, and yield what has finished; None when nothing has.

    Raises:
        GraderError: a report cannot be written, or nothing can be graded here.
    """
    numbers = {task.id: number for number, task in enumerate(tasks)}
    for finished in engine.run(tasks):
        progress.running = engine.running()
        if finished is not None:
            if finished.report:
                folder.write(folder.file(finished.task.id).name, [finished.report])
            progress.finished += 1
            progress.statuses[finished.status] += 1
            if finished.problem:
                progress.problems[finished.status][numbers[finished.task.id]] = finished.line
        yield finished


def left_to_do(tasks: Iterable[Task], folder: ResultsFolder, exam: Exam) -> Iterator[Task]:
    """Yield the tasks of which the folder holds no report by the same plan, key, grader and libraries.

    What the machine was at fault for is graded again, and what is refused is refused again: that it is, is said in
    every run, and costs nothing.
    """
    for task in tasks:
        report = None if task.refusal else folder.read(task.id)
        if report is None or not _holds(report, task, exam):
            yield task


def _holds(report: Report, task: Task, exam: Exam) -> bool:
    """Whether a report is on this very submission, by this exam."""
    asked = [part.id for part in exam.plan.parts()]
    if report.status == "host_fault" or report.provenance != exam.provenance:
        return False
    if [part.id for part in report.parts] != asked:
        return False
    try:
        return report.submission == submission_report(task.submission())
    except UserError:
        return False


class NoBox:
    """Stands for a box that cannot be had: what is graded with it becomes a host fault, never a zero.

    Args:
        problem: why, for staff.
    """

    def __init__(self, problem: str) -> None:
        self._problem = problem

    def layers(self) -> tuple[Layer, ...]:
        """Return nothing."""
        return ()

    def start(self, needs: Needs) -> Worker:  # noqa: ARG002  (there is none)
        """Start nothing.

        Raises:
            HostError: always.
        """
        raise HostError(self._problem)


def grader_of(exam: Exam, box: Box, clock: Callable[[], tuple[float, str]]) -> Grade:
    """Return what grades one task in `box`.

    What cannot be read is refused in one line; whom a platform names gets a report also for that, of nothing.
    """

    def grade_one(task: Task) -> Finished:
        try:
            task, submission = read(task)
        except UserError as error:
            return Finished.refused(task, str(error))
        return Finished.of(task, grade(exam, submission, box, clock))

    return grade_one
