from __future__ import annotations

from pathlib import Path

import pytest

from grader.batch.engine import Finished, SerialEngine, Task, read
from grader.errors import UserError
from grader.submission import Origin, Person

CANVAS = Origin("canvas", (Person("4711", "Jane Doe"),))


def graded(task: Task) -> Finished:
    return Finished(task, "{}", "graded")


class TestTask:
    def test_it_reads_what_was_handed_in(self, small: Path) -> None:
        submission = Task("anna", small / "good.py", origin=CANVAS).submission()
        assert (submission.id, submission.entry, submission.origin) == ("anna", "good.py", CANVAS)

    def test_what_the_intake_has_refused_is_not_read(self) -> None:
        submission = Task("anna", Path("/nowhere"), refusal="it is a bomb").submission()
        assert (submission.files, submission.problem) == ((), "it is a bomb")


class TestRead:
    def test_what_can_be_read(self, small: Path) -> None:
        task = Task("anna", small / "good.py")
        assert read(task) == (task, task.submission())

    def test_without_a_name_there_is_a_reason_and_no_path(self, tmp_path: Path) -> None:
        with pytest.raises(UserError) as caught:
            read(Task("anna", tmp_path / "no.py"))
        assert str(caught.value) == "the submission cannot be read: No such file or directory"

    def test_whom_a_platform_names_has_a_submission_of_nothing(self, tmp_path: Path) -> None:
        task, submission = read(Task("anna", tmp_path / "no.py", origin=CANVAS))
        assert task.refusal == submission.problem == "the submission cannot be read: No such file or directory"
        assert submission.origin == CANVAS

    def test_a_file_in_a_folder_is_named_within_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(_task: Task) -> None:
            raise UserError(f"{tmp_path}/code/a.py: it is too large")

        monkeypatch.setattr(Task, "submission", fail)
        with pytest.raises(UserError, match=r"^code/a.py: it is too large$"):
            read(Task("anna", tmp_path))


class TestFinished:
    def test_with_a_report_the_line_names_it(self) -> None:
        assert Finished(Task("anna", Path("x.py")), "{}", "host_fault", "no fork").line == "anna: no fork"

    @pytest.mark.parametrize(("shown", "name"), [("", "a\\x1b.py"), ("anna", "anna")])
    def test_without_one_it_names_the_path_or_what_is_said_in_its_place(self, shown: str, name: str) -> None:
        finished = Finished.refused(Task("anna", Path("a\x1b.py"), shown=shown), "no")
        assert (finished.status, finished.report, finished.line) == ("refused", "", f"{name}: no")


class TestSerialEngine:
    def test_one_after_the_other_and_each_can_be_named(self, tasks: list[Task]) -> None:
        engine = SerialEngine(graded)
        seen = [(finished and finished.task.id, list(engine.running())) for finished in engine.run(tasks[:2])]
        assert seen == [(None, ["s0"]), ("s0", []), (None, ["s1"]), ("s1", [])]
        engine.close()
