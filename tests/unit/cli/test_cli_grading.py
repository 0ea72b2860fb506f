from __future__ import annotations

import functools
import importlib
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from grader.batch import SerialEngine, Task
from grader.cli import grading
from grader.cli.grading import Request, grade_files
from grader.cli.paper import Paper, choose_paper
from grader.errors import HostError, UserError
from grader.report import Report
from grader.sandbox import Layer, ProcessBox, canaries
from grader.worker.wall.layers import OPEN_WITHOUT


@pytest.fixture(autouse=True)
def closed(small: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Be in the small homework's folder; note when the process was to be closed, and leave the tests' own open."""
    monkeypatch.chdir(small)
    monkeypatch.setenv("COLUMNS", "100")
    found: list[str] = []
    monkeypatch.setattr(grading, "close_to_tracers", lambda: found.append("closed"))
    return found


def _request(*files: str, **more: Any) -> Request:
    options: dict[str, Any] = dict.fromkeys(("rubric", "fail_under", "limit_seconds"))
    options.update(out=Path("reports"), student=False, only=(), isolation="auto")
    return Request(tuple(map(Path, files)), **{**options, **more})


def test_a_table_and_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert grade_files(_request("good.py")) == 0
    out = capsys.readouterr().out
    assert "Total 4 / 4, and 1 more await a person (of 5 in all)" in out
    assert "Report: reports/good.json" in out
    assert Report.model_validate_json(Path("reports/good.json").read_text(encoding="utf-8")).score == 4
    assert [file.name for file in Path("reports").iterdir()] == ["good.json"]


def test_json_alone_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert grade_files(_request("good.py", out=None)) == 0
    assert json.loads(capsys.readouterr().out)["score"] == 4
    assert not Path("reports").exists()


@pytest.mark.parametrize("out", [None, Path("reports")])
def test_what_is_not_installed_is_told_to_staff(out: Path | None, capsys: pytest.CaptureFixture[str]) -> None:
    Path("anna.py").write_text("import nowhere\n")
    grade_files(_request("anna.py", out=out))
    assert "nor installed here: nowhere (1); install" in capsys.readouterr().err
    grade_files(_request("anna.py", out=out, student=True))
    assert not capsys.readouterr().err


def test_what_may_be_understood_wrongly_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("class").mkdir()
    for name in ("doejane_1_10_hw3", "roeann_2_11_hw3", "anna", "bob"):
        shutil.copy("good.py", f"class/{name}.py")
    grade_files(_request("class", out=None, jobs=1))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(
        "grade: warning: class: the folder looks like a download of Canvas's, but for anna.py, bob.py"
    )


@pytest.mark.parametrize("jobs", [1, 2])
def test_json_of_several_is_a_list_in_their_order(
    jobs: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty.py").touch()
    # Two are graded side by side, and the other way round is not the way taken.
    monkeypatch.delattr(grading, "SerialEngine" if jobs > 1 else "LaneEngine")
    assert grade_files(_request("empty.py", "good.py", out=None, jobs=jobs)) == 0
    assert not Path("reports").exists()
    assert [report["submission"]["id"] for report in json.loads(capsys.readouterr().out)] == ["empty", "good"]


def test_a_student_sees_nothing_of_the_staffs(capsys: pytest.CaptureFixture[str]) -> None:
    Path("leaky.py").write_text(
        "print('at import')\ndef double(x):\n    print('seen', x)\n    return [len(x), 77]\n"
    )
    assert grade_files(_request("leaky.py", out=None, student=True)) == 0
    text = capsys.readouterr().out
    assert "77" in text
    for secret in ("at import", "seen", "3.5", " 7.0", "4.25"):
        assert secret not in text
    grade_files(_request("leaky.py", student=True))
    assert " 7.0" not in capsys.readouterr().out
    assert "3.5" in Path("reports/leaky.json").read_text()


def test_a_reader_that_has_had_enough_is_left_to_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Closed())
    with pytest.raises(BrokenPipeError):
        grade_files(_request("good.py"))


class TestFaults:
    def test_one_that_cannot_be_read_does_not_keep_the_others_back(self) -> None:
        Path("link.py").symlink_to("good.py")
        with pytest.raises(UserError) as caught:
            grade_files(_request("missing.py", "good.py", "link.py"))
        assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["missing.py", "link.py"]
        assert Path("reports/good.json").exists()

    def test_a_rubric_in_the_place_of_a_submission_is_no_zero(self) -> None:
        (rubric,) = Path("rubrics").glob("*.yaml")
        with pytest.raises(UserError, match=f"^{rubric}: this is called as a rubric"):
            grade_files(_request(str(rubric), "good.py"))
        assert [file.name for file in Path("reports").iterdir()] == ["good.json"]

    def test_nor_in_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(UserError):
            grade_files(_request("missing.py", "good.py", out=None))
        assert json.loads(capsys.readouterr().out)["score"] == 4

    def test_without_any_report_nothing_is_printed(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(UserError):
            grade_files(_request("missing.py", out=None))
        assert not capsys.readouterr().out

    def test_where_no_worker_starts_nothing_is_graded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(HostError, match="does not start"):
            grade_files(_request("good.py"))
        assert not Path("reports").exists()

    def test_a_fault_of_the_hosts_is_a_report_and_a_fault(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        # The canaries' workers start, the submissions' no longer do.
        monkeypatch.setattr(canaries, "judge", lambda _box: ())
        monkeypatch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(HostError, match="does not start"):
            grade_files(_request("good.py"))
        assert "Not graded: the machine was at fault" in capsys.readouterr().out
        assert Report.model_validate_json(Path("reports/good.json").read_text()).status == "host_fault"


class TestIsolation:
    @pytest.fixture
    def boxes(self, monkeypatch: pytest.MonkeyPatch) -> list[ProcessBox]:
        """Every box that was made."""
        made: list[ProcessBox] = []

        def make(*items: Any) -> ProcessBox:
            made.append(ProcessBox(*items))
            return made[-1]

        monkeypatch.setattr(grading, "ProcessBox", make)
        return made

    def test_the_grader_is_closed_to_others_before_it_holds_a_key(
        self, closed: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def choose(folder: Path, submissions: Sequence[Path]) -> Paper:
            closed.append("rubric")
            return choose_paper(folder, submissions)

        monkeypatch.setattr(grading, "choose_paper", choose)
        grade_files(_request("good.py"))
        assert closed == ["closed", "rubric"]

    def test_the_rubrics_and_the_reports_folder_are_protected(self, boxes: list[ProcessBox], small: Path) -> None:
        grade_files(_request("good.py"))
        grade_files(_request("good.py", out=None))
        # The reference lies beside the submission, in the course's own folder.
        assert boxes[0]._protected == [small / "rubrics", small, small / "reports"]
        assert boxes[1]._protected == [small / "rubrics", small]

    def test_nothing_stays_behind(self, boxes: list[ProcessBox]) -> None:
        grade_files(_request("good.py"))
        with pytest.raises(UserError):
            grade_files(_request("good.py", only=("Z",)))
        assert [box._uids for box in boxes] == [{}, {}]

    def test_the_report_says_how_the_wall_stood(self) -> None:
        grade_files(_request("good.py"))
        isolation = Report.model_validate_json(Path("reports/good.json").read_text()).isolation
        assert list(isolation) == list(OPEN_WITHOUT)
        assert isolation["session"] == "in force"

    def test_off_puts_up_none_and_warns(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert grade_files(_request("good.py", isolation="off")) == 0
        isolation = Report.model_validate_json(Path("reports/good.json").read_text()).isolation
        assert set(isolation.values()) == {"not in force: switched off"}
        warning = capsys.readouterr().err
        assert warning.startswith("grade: warning: a submission can do this here: ")
        assert "read a file" in warning
        assert "fork" in warning
        assert warning.count("\n") == 1

    def test_what_is_held_is_not_worth_a_word(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        held = canaries.Attempt("fork", held=True, detail="refused", layers=("seccomp",))
        monkeypatch.setattr(canaries, "judge", lambda _box: (held,))
        grade_files(_request("good.py"))
        assert capsys.readouterr().err == ""

    def test_strict_refuses_what_has_no_wall(self, monkeypatch: pytest.MonkeyPatch) -> None:
        without = functools.partial(ProcessBox, without={"landlock", "seccomp"})
        monkeypatch.setattr(grading, "ProcessBox", without)
        with pytest.raises(HostError, match=r"there is no wall for files, .*landlock: switched off"):
            grade_files(_request("good.py", isolation="strict"))
        assert not Path("reports").exists()

    def test_a_wall_that_does_not_hold_ends_the_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        claimed = tuple(Layer(name, in_force=True, detail="") for name in OPEN_WITHOUT)
        monkeypatch.setattr(ProcessBox, "layers", lambda _: claimed)
        with pytest.raises(HostError, match="the sandbox does not hold"):
            grade_files(_request("good.py", isolation="off"))
        assert not Path("reports").exists()


class TestFolder:
    def test_it_is_graded_as_one_submission(self) -> None:
        Path("anna").mkdir()
        Path("anna/main.py").write_text("from helper import *\n")
        Path("anna/helper.py").write_text("def total(x): return float(sum(x))\n")
        assert grade_files(_request("anna")) == 0
        report = Report.model_validate_json(Path("reports/anna.json").read_text())
        assert (report.status, report.score) == ("graded", Decimal(2))
        assert [file.name for file in report.submission.files] == ["helper.py", "main.py"]

    def test_one_without_a_file_to_run_is_refused(self) -> None:
        with pytest.raises(UserError, match=r"^rubrics: there is no Python file in it, only small.yaml$"):
            grade_files(_request("rubrics", "good.py"))
        assert Report.model_validate_json(Path("reports/good.json").read_text()).score == 4


class TestFailUnder:
    @pytest.mark.parametrize(("share", "status"), [(None, 0), (0, 0), (50, 0), (50.1, 1), (100, 1)])
    def test_points_that_a_person_marks_do_not_count(self, share: float | None, status: int) -> None:
        Path("half.py").write_text("def total(x): return float(sum(x))\nessay = 'Because.'\n")
        assert grade_files(_request("half.py", fail_under=share)) == status

    def test_the_worst_of_several_decides(self) -> None:
        Path("empty.py").touch()
        assert grade_files(_request("good.py", fail_under=100)) == 0
        assert grade_files(_request("good.py", "empty.py", fail_under=100)) == 1

    def test_where_a_person_marks_all(self) -> None:
        assert grade_files(_request("good.py", only=("C",), fail_under=100)) == 0


def test_some_parts_and_another_limit(capsys: pytest.CaptureFixture[str]) -> None:
    Path("loop.py").write_text("def double(x):\n    while True: pass\n")
    assert grade_files(_request("loop.py", out=None, only=("A",), limit_seconds=0.1)) == 0
    report = json.loads(capsys.readouterr().out)
    assert [part["id"] for part in report["parts"]] == ["A"]
    assert "within 0.1 s" in report["parts"][0]["cases"][0]["message"]


class TestRubric:
    def test_one_that_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Path) -> None:
        monkeypatch.chdir(tmp_path)
        named = _request(str(small / "good.py"), rubric=small / "rubrics" / "small.yaml")
        assert grade_files(named) == 0
        assert (tmp_path / "reports" / "good.json").exists()


class TestWrite:
    def test_a_folder_that_is_a_file(self, capsys: pytest.CaptureFixture[str]) -> None:
        for out in ("good.py", "good.py/reports"):
            with pytest.raises(UserError, match="not a folder"):
                grade_files(_request("good.py", out=Path(out)))
            assert capsys.readouterr().out.endswith("Total 4 / 4, and 1 more await a person (of 5 in all)\n")

    def test_a_place_that_is_taken_is_the_callers_mistake(self) -> None:
        Path("reports/good.json/x").mkdir(parents=True)
        with pytest.raises(UserError, match="it is a folder"):
            grade_files(_request("good.py"))
        assert [file.name for file in Path("reports").iterdir()] == ["good.json"]

    @pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
    def test_an_old_report_stays_whole(self, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
        grade_files(_request("good.py"))
        old = Path("reports/good.json").read_bytes()

        def fail(*_items: Any) -> None:
            raise error

        monkeypatch.setattr(Path, "replace", fail)
        with pytest.raises((HostError, KeyboardInterrupt)):
            grade_files(_request("good.py"))
        assert Path("reports/good.json").read_bytes() == old
        assert [file.name for file in Path("reports").iterdir()] == ["good.json"]


class TestClass:
    """Several submissions, and so a batch."""

    @pytest.fixture
    def work(self) -> Path:
        folder = Path("class")
        folder.mkdir()
        for name in ("anna", "bob"):
            (folder / f"{name}.py").write_text(f"{Path('good.py').read_text()}\nNAME = {name!r}\n")
        return folder

    @pytest.mark.parametrize("jobs", [None, 1, 2])
    @pytest.mark.usefixtures("work")
    def test_it_is_graded_and_counted(self, jobs: int | None, capsys: pytest.CaptureFixture[str]) -> None:
        assert grade_files(_request("class", jobs=jobs)) == 0
        assert capsys.readouterr().out == "2 submissions: 2 graded\n"
        assert grade_files(_request("class", jobs=jobs)) == 0
        assert capsys.readouterr().out == "2 submissions: 2 graded before\n"
        assert grade_files(_request("class", jobs=jobs, fresh=True)) == 0
        assert capsys.readouterr().out == "2 submissions: 2 graded\n"

    def test_what_is_not_installed_is_told_with_how_many_import_it(
        self, work: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name in ("carol", "dan"):
            (work / f"{name}.py").write_text("import nowhere.at_all\n")
        (work / "eve.py").write_text("def double(x):\n    import elsewhere\n    return elsewhere.double(x)\n")
        for _ in range(2):
            assert grade_files(_request("class")) == 0
            assert capsys.readouterr().err == (
                "grade: warning: submissions import what is neither theirs nor installed here: nowhere (2), "
                "elsewhere (1); install what they may use where the grader is installed, and grade again with "
                "--fresh\n"
            )
        assert json.loads(Path("reports/run.json").read_text())["missing_modules"] == {
            "nowhere": 2,
            "elsewhere": 1,
        }

    @pytest.mark.parametrize("typed", [["."], ["anna.py", "bob.py", "reports"]])
    def test_the_reports_of_an_earlier_run_are_nobodys_work(
        self, work: Path, typed: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rubric = next(Path("rubrics").absolute().glob("*.yaml"))
        monkeypatch.chdir(work)
        Path("reports").mkdir()
        for said in ("2 submissions: 2 graded\n", "2 submissions: 2 graded before\n"):
            assert grade_files(_request(*typed, rubric=rubric)) == 0
            assert capsys.readouterr().out == said
        Path("reports/zoe.py").write_text("def double(x): return x\n")
        grade_files(_request(*typed, rubric=rubric))
        assert capsys.readouterr().out == "3 submissions: 1 graded, 2 graded before\n"

    @pytest.mark.usefixtures("work")
    def test_where_nothing_can_be_forked_they_are_graded_here(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delattr(os, "fork")
        assert grade_files(_request("class", jobs=2)) == 0

    def test_a_share_is_asked_of_all_also_of_those_that_were_graded_before(self, work: Path) -> None:
        (work / "carol.py").touch()
        assert grade_files(_request("class", fail_under=50)) == 1
        assert grade_files(_request("class", fail_under=50)) == 1

    def test_the_machines_fault_is_told_first_and_every_line(
        self, work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(canaries, "judge", lambda _box: ())
        monkeypatch.setattr(sys, "executable", "/bin/false")
        (work / "bad.zip").write_bytes(b"no")
        with pytest.raises(HostError) as caught:
            grade_files(_request("class"))
        lines = str(caught.value).splitlines()
        assert sorted(line.partition(":")[0] for line in lines[:2]) == ["anna", "bob"]
        assert lines[2].startswith("class: bad.zip: ")
        assert capsys.readouterr().out == "2 submissions: 2 host fault\n"

    @pytest.mark.usefixtures("work")
    def test_another_limit_is_another_plan(self, capsys: pytest.CaptureFixture[str]) -> None:
        grade_files(_request("class"))
        grade_files(_request("class", limit_seconds=0.5))
        assert capsys.readouterr().out == "2 submissions: 2 graded\n" * 2

    @pytest.mark.usefixtures("work")
    @pytest.mark.parametrize("name", ["class", "good.py"])
    def test_what_is_left_behind_goes_with_the_run(
        self, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        rooms: list[Path] = []

        def judge(box: ProcessBox) -> tuple[canaries.Attempt, ...]:
            rooms.append(Path(tempfile.mkdtemp()))
            return made(box)

        made = canaries.judge
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        monkeypatch.setattr(canaries, "judge", judge)
        grade_files(_request(name))
        assert rooms[0].parent.parent == tmp_path
        assert not rooms[0].exists()

    @pytest.mark.usefixtures("work")
    def test_on_a_cluster(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("distributed")
        cluster = importlib.import_module("grader.batch.cluster")
        asked = []

        def engine(address: str, room: Any, give_up: Callable[..., Any]) -> SerialEngine:
            asked.append((address, room.name))
            return SerialEngine(lambda task: give_up(task, "lost again and again"))

        monkeypatch.setattr(cluster, "ClusterEngine", engine)
        with pytest.raises(HostError, match="anna: lost again and again\nbob: lost"):
            grade_files(_request("class", cluster="tcp://there:1"))
        assert asked == [("tcp://there:1", "grader")]

    def test_whom_a_platform_names_is_named_and_has_a_report(
        self, work: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (work / "anna.py").rename(work / "doejane_1_2_hw3.py")
        (work / "bob.py").rename(work / "roeann_3_4_hw3.pdf")
        assert grade_files(_request("class")) == 0
        assert capsys.readouterr().err == "grade: warning: roeann_3: there is no Python file in it, only hw3.pdf\n"
        assert Report.model_validate_json(Path("reports/roeann_3.json").read_text()).status == "unreadable"

    def test_where_it_was_unpacked_is_not_told(self, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        archive = shutil.make_archive("all", "zip", work)

        def fail(_task: Task) -> None:
            raise UserError("no")

        monkeypatch.setattr(Task, "submission", fail)
        with pytest.raises(UserError) as caught:
            grade_files(_request(archive, jobs=1))
        assert str(caught.value) == "anna: no\nbob: no"
