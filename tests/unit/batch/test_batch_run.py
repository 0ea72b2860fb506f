from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.batch.engine import Finished, SerialEngine, Task
from grader.batch.folder import ResultsFolder
from grader.batch.run import NoBox, Progress, grader_of, left_to_do, run
from grader.errors import HostError
from grader.grade import Exam
from grader.report import Report
from grader.sandbox import Needs
from grader.submission import Origin, Person

CANVAS = Origin("canvas", (Person("4711", "Jane Doe"),))
GiveUp = Callable[[Task, str], Finished]


@pytest.fixture
def folder(tmp_path: Path) -> ResultsFolder:
    return ResultsFolder(tmp_path / "reports")


class TestRun:
    def test_reports_are_written_before_they_are_counted(
        self, tasks: list[Task], folder: ResultsFolder, give_up: GiveUp
    ) -> None:
        progress = Progress(total=5, kept=1)
        engine = SerialEngine(lambda task: give_up(task, "no fork"))
        counted = [
            (finished is not None, progress.done, len(list(folder.path.iterdir())))
            for finished in run(engine, tasks, folder, progress)
        ]
        assert counted[:4] == [(False, 1, 0), (True, 2, 1), (False, 2, 1), (True, 3, 2)]
        assert progress.statuses == {"host_fault": 4}
        assert progress.lines("host_fault") == [f"s{number}: no fork" for number in range(4)]

    def test_what_is_refused_has_no_report(self, tasks: list[Task], folder: ResultsFolder) -> None:
        progress = Progress(total=4)
        list(run(SerialEngine(lambda task: Finished.refused(task, "no")), tasks[:1], folder, progress))
        assert (progress.done, progress.lines("refused")) == (1, [f"{tasks[0].path}: no"])
        assert not list(folder.path.iterdir())

    def test_problems_are_told_in_the_order_of_the_tasks(
        self, tasks: list[Task], folder: ResultsFolder, give_up: GiveUp
    ) -> None:
        class Backwards(SerialEngine):
            def run(self, tasks: Iterable[Task]) -> Iterator[Finished | None]:
                return super().run(reversed([*tasks]))

        progress = Progress(total=4)
        list(run(Backwards(lambda task: give_up(task, "no fork")), tasks, folder, progress))
        assert progress.lines("host_fault") == [f"s{number}: no fork" for number in range(4)]

    def test_what_is_being_graded_is_known(self, tasks: list[Task], folder: ResultsFolder) -> None:
        class Two:
            def run(self, tasks: Iterable[Task]) -> Iterator[Finished | None]:
                yield from (None for _ in tasks)

            def running(self) -> list[str]:
                return ["s0", "s1"]

            def close(self) -> None:
                pass

        progress = Progress(total=4)
        list(run(Two(), tasks, folder, progress))
        assert progress.running == ["s0", "s1"]


class TestLeftToDo:
    @pytest.fixture
    def graded(self, exam: Exam, tasks: list[Task], folder: ResultsFolder) -> list[Task]:
        """As if they had been graded."""
        for task in tasks:
            self.keep(exam, task, folder)
        assert not list(left_to_do(tasks, folder, exam))
        return tasks

    def keep(self, exam: Exam, task: Task, folder: ResultsFolder, **changes: object) -> None:
        report = Report.model_validate_json(grader_of(exam, NoBox("no"), lambda: (0.0, "now"))(task).report)
        parts = tuple(
            {"question": "1", "id": part.id, "title": "", "score": 0, "max_score": 1, "pending_points": 0}
            | {"status": "wrong", "cases": ()}
            for part in exam.plan.parts()
        )
        content = report.model_dump() | {"status": "graded", "score": 0, "parts": parts} | changes
        folder.write(folder.file(task.id).name, [Report.model_validate(content).to_json()])

    def left(self, exam: Exam, tasks: list[Task], folder: ResultsFolder) -> list[str]:
        return [task.id for task in left_to_do(tasks, folder, exam)]

    def test_what_has_no_report(self, exam: Exam, tasks: list[Task], folder: ResultsFolder) -> None:
        assert self.left(exam, tasks, folder) == ["s0", "s1", "s2", "s3"]

    def test_what_has_changed(self, exam: Exam, graded: list[Task], folder: ResultsFolder) -> None:
        graded[1].path.write_text("NUMBER = 'another'\n")
        graded[2].path.unlink()
        graded[3] = replace(graded[3], origin=CANVAS)
        assert self.left(exam, graded, folder) == ["s1", "s2", "s3"]

    def test_what_the_machine_was_at_fault_for(
        self, exam: Exam, graded: list[Task], folder: ResultsFolder
    ) -> None:
        self.keep(exam, graded[2], folder, status="host_fault")
        assert self.left(exam, graded, folder) == ["s2"]

    def test_what_is_refused_is_refused_again(self, exam: Exam, graded: list[Task], folder: ResultsFolder) -> None:
        graded[0] = replace(graded[0], refusal="no")
        assert self.left(exam, graded, folder) == ["s0"]

    def test_what_was_asked_something_else(self, exam: Exam, graded: list[Task], folder: ResultsFolder) -> None:
        assert len(self.left(exam.only(["A"]), graded, folder)) == 4
        provenance = exam.provenance.model_copy(update={"key": "another"})
        assert len(self.left(replace(exam, provenance=provenance), graded, folder)) == 4


class TestGrader:
    def test_what_cannot_be_read_is_refused(self, exam: Exam, tmp_path: Path) -> None:
        finished = grader_of(exam, NoBox("no"), lambda: (0.0, "now"))(Task("a", tmp_path / "a.py"))
        assert (finished.status, finished.report) == ("refused", "")
        assert finished.line == f"{tmp_path}/a.py: the submission cannot be read: No such file or directory"

    def test_whom_a_platform_names_has_a_report_of_nothing(self, exam: Exam, tmp_path: Path) -> None:
        task = Task("jane", tmp_path / "a.py", origin=CANVAS)
        finished = grader_of(exam, NoBox("no"), lambda: (0.0, "now"))(task)
        report = Report.model_validate_json(finished.report)
        assert (report.status, finished.status) == ("unreadable", "unreadable")
        assert report.score == 0
        assert [person.name for person in report.submission.people] == ["Jane Doe"]
        assert finished.line == "jane: the submission cannot be read: No such file or directory"
        assert str(tmp_path) not in finished.report


def test_a_box_that_cannot_be_had() -> None:
    box = NoBox("no fork")
    assert box.layers() == ()
    with pytest.raises(HostError, match="no fork"):
        box.start(Needs(memory_mb=1, cpu_seconds=1))
