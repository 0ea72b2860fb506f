"""The work of `grade` on many submissions: side by side, and on from where an earlier run stopped."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from grader.batch import Engine, Finished, Progress, ResultsFolder, Task, left_to_do, run
from grader.cli.progress import Display
from grader.grade import Exam
from grader.render.gradebook import Shape, gradebook_csv
from grader.report import Report
from grader.sandbox import Layer


@dataclass(frozen=True, slots=True)
class Batch:
    """Submissions to grade into one folder.

    Attributes:
        exam: what to ask and what should come.
        tasks: all of them.
        folder: where the reports go.
        fresh: grade also what has been graded before.
        layers: of the wall, for the record.
        gradebooks: shapes of gradebooks to write beside our own.
    """

    exam: Exam
    tasks: Sequence[Task]
    folder: ResultsFolder
    fresh: bool
    layers: Sequence[Layer]
    gradebooks: tuple[Shape, ...] = ()

    def reports(self) -> Iterator[Report]:
        """Yield the reports in the order of the tasks, one at a time."""
        for task in self.tasks:
            report = self.folder.read(task.id)
            if report is not None:
                yield report


def grade_batch(batch: Batch, make_engine: Callable[[], Engine]) -> Progress:
    """Grade what is left to do and return the tally.

    Args:
        batch: the submissions.
        make_engine: called when there is something to do.

    Raises:
        KeyboardInterrupt: what was finished is kept.
    """
    todo = list(batch.tasks if batch.fresh else left_to_do(batch.tasks, batch.folder, batch.exam))
    progress = Progress(total=len(batch.tasks), kept=len(batch.tasks) - len(todo))
    try:
        if todo:
            with contextlib.closing(make_engine()) as engine, Display(progress) as display:
                for _ in run(engine, todo, batch.folder, progress):
                    display.update()
    except KeyboardInterrupt:
        said = f"{progress.done} of {progress.total} are graded; the same command goes on from there"
        print(f"grade: {said}", file=sys.stderr)  # noqa: T201  (a command's voice)
        raise
    parts = [part.id for part in batch.exam.plan.parts()]
    for shape in dict.fromkeys(("csv", *batch.gradebooks)):
        name = "gradebook.csv" if shape == "csv" else f"gradebook-{shape}.csv"
        # The first reads every report, so it may as well see what they lack.
        reports = _noting(batch.reports(), progress.missing) if shape == "csv" else batch.reports()
        batch.folder.write(name, gradebook_csv(reports, parts, shape))
    batch.folder.write("run.json", [json.dumps(_record(batch, progress), indent=2) + "\n"])
    return progress


def grade_in_memory(tasks: Sequence[Task], make_engine: Callable[[], Engine]) -> list[Finished]:
    """Grade all tasks, write nothing, and return what came of them in their order."""
    progress = Progress(total=len(tasks))
    by_id: dict[str, Finished] = {}
    with contextlib.closing(make_engine()) as engine, Display(progress) as display:
        for finished in engine.run(tasks):
            progress.running = engine.running()
            if finished is not None:
                by_id[finished.task.id] = finished
                progress.finished = len(by_id)
            display.update()
    return [by_id[task.id] for task in tasks]


def _noting(reports: Iterator[Report], missing: Counter[str]) -> Iterator[Report]:
    """Pass reports on, and count the modules that they say were missing."""
    for report in reports:
        missing.update(report.missing_modules)
        yield report


def _record(batch: Batch, progress: Progress) -> dict[str, object]:
    """Return what a later reader must know of a run."""
    return {
        "assignment": batch.exam.plan.assignment,
        "submissions": progress.total,
        "graded_before": progress.kept,
        "statuses": dict(sorted(progress.statuses.items())),
        "missing_modules": dict(progress.missing.most_common()),
        "provenance": batch.exam.provenance.model_dump(),
        "isolation": {layer.name: layer.stands for layer in batch.layers},
        "platform": platform.platform(),
    }


def default_jobs() -> int:
    """Return how many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
