from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from grader.errors import HostError, UserError
from grader.grade import Exam, grade
from grader.key import compile_rubric
from grader.report import Report
from grader.rubric import load_rubric
from grader.sandbox import Box, Layer, Needs, ProcessBox, Worker
from grader.submission import MAX_BYTES, read_submission
from grader.worker.wall.layers import OPEN_WITHOUT


@pytest.fixture
def exam(small: Path) -> Exam:
    rubric = small / "rubrics" / "small.yaml"
    return Exam.of(*compile_rubric(load_rubric(rubric), rubric.parent))


@pytest.fixture
def box() -> Iterator[ProcessBox]:
    with contextlib.closing(ProcessBox()) as box:
        yield box


class BrokenBox:
    def layers(self) -> tuple[Layer, ...]:
        return (
            Layer("seccomp", in_force=True, detail="allow-list"),
            Layer("landlock", in_force=False, detail="no Landlock here"),
        )

    def start(self, needs: Needs) -> Worker:
        raise HostError(f"no room for {needs.memory_mb} MiB and {needs.cpu_seconds} s")


def _grade(exam: Exam, box: Box, folder: Path, source: str | bytes) -> Report:
    file = folder / "homework.py"
    file.write_bytes(source.encode() if isinstance(source, str) else source)
    ticks = itertools.count(10.0, 0.5)
    return grade(exam, read_submission(file, "anna"), box, lambda: (next(ticks), "2024-01-01T00:00:00+00:00"))


def _marks(report: Report) -> tuple[str, float | None, float, float]:
    score = None if report.score is None else float(report.score)
    return report.status, score, float(report.max_score), float(report.pending_points)


def _scores(report: Report) -> dict[str, Decimal]:
    return {part.id: part.score for part in report.parts}


def test_one_submission_from_top_to_bottom(exam: Exam, box: ProcessBox, small: Path) -> None:
    report = _grade(exam, box, small, (small / "good.py").read_bytes())
    assert (report.assignment, report.title) == ("small", "A small homework")
    assert _marks(report) == ("graded", 4, 5, 1)
    assert _scores(report) == {"A": 2, "B": 2, "C": 0}
    assert [part.status for part in report.parts] == ["right", "right", "needs_review"]
    assert (report.seconds, report.graded_at) == (0.5, "2024-01-01T00:00:00+00:00")
    assert (report.submission.id, report.submission.files[0].name) == ("anna", "homework.py")
    assert report.isolation.keys() == set(OPEN_WITHOUT) == {layer.name for layer in box.layers()}
    assert report.isolation["session"] == "in force"
    assert report.provenance == exam.provenance
    assert report.messages == report.staff_messages == ()


def test_a_report_can_be_read_back(exam: Exam, box: ProcessBox, small: Path) -> None:
    report = _grade(exam, box, small, "def double(x): return x")
    assert Report.model_validate_json(report.to_json()).to_json() == report.to_json()


def test_an_empty_file_gives_nothing(exam: Exam, box: ProcessBox, small: Path) -> None:
    report = _grade(exam, box, small, "")
    assert _marks(report) == ("graded", 0, 5, 0)
    assert {case.status for part in report.parts for case in part.cases} == {"no_answer"}


def test_a_module_that_fails_is_graded_by_its_definitions(exam: Exam, box: ProcessBox, small: Path) -> None:
    source = (small / "good.py").read_text() + "print('top')\nfor i in range(3):\n    undefined(i)\n"
    report = _grade(exam, box, small, source)
    assert _marks(report) == ("graded", 4, 5, 1)
    assert "NameError" in report.messages[0]
    trace, printed = report.staff_messages
    assert trace.startswith("Traceback")
    assert printed == "printed at import: top"


class TestNotAsked:
    def test_a_syntax_error_is_unreadable(self, exam: Exam, box: ProcessBox, small: Path) -> None:
        report = _grade(exam, box, small, "print('x')\nx = = 2\n")
        assert _marks(report) == ("unreadable", 0, 5, 0)
        assert report.messages[0].startswith("Your file is not readable as Python 3.")
        assert report.messages[0].endswith("\n    x = = 2\n        ^")
        assert "not readable" in report.parts[0].cases[0].message

    def test_a_file_that_is_too_long_is_never_run(self, exam: Exam, small: Path) -> None:
        report = _grade(exam, BrokenBox(), small, b"#" * (MAX_BYTES + 1))
        assert _marks(report) == ("unreadable", 0, 5, 0)
        assert f"{MAX_BYTES + 1} bytes" in report.messages[0]

    def test_a_file_that_does_not_load_at_all(self, exam: Exam, box: ProcessBox, small: Path) -> None:
        source = "print('here', flush=True)\nimport os\nclass Evil:\n    os._exit(3)\n"
        report = _grade(exam, box, small, source)
        assert _marks(report) == ("graded", 0, 5, 0)
        assert "exit status 3" in report.messages[0]
        assert report.staff_messages == ("printed at import: here",)
        assert "could not be loaded" in report.parts[0].cases[0].message

    def test_a_fault_of_the_hosts_is_no_zero(self, exam: Exam, small: Path) -> None:
        report = _grade(exam, BrokenBox(), small, "x = 1")
        assert _marks(report) == ("host_fault", None, 5, 0)
        assert (report.parts, report.messages) == ((), ())
        assert report.staff_messages == ("no room for 512 MiB and 21 s",)
        assert report.isolation == {"seccomp": "in force", "landlock": "not in force: no Landlock here"}


class TestFolder:
    """A submission of several files."""

    def _grade(self, exam: Exam, box: Box, folder: Path, **sources: str) -> Report:
        folder.mkdir()
        for name, source in sources.items():
            (folder / f"{name}.py").write_text(source)
        return grade(exam, read_submission(folder, "anna"), box, lambda: (0.0, "2024-01-01T00:00:00+00:00"))

    def test_its_files_work_together_and_are_all_named(self, exam: Exam, box: ProcessBox, small: Path) -> None:
        main = "from numpy import *\nfrom helper import *\ndef total(x): return half(x) * 2\n"
        helper = "def double(x): return [2 * v for v in x]\ndef half(x): return float(sum(x)) / 2\n"
        report = self._grade(exam, box, small / "anna", main=main, helper=helper)
        assert _scores(report) == {"A": 2, "B": 2, "C": 0}
        assert [file.name for file in report.submission.files] == ["helper.py", "main.py"]
        assert all(len(file.sha256) == 64 for file in report.submission.files)

    def test_without_a_file_to_run_it_is_unreadable(self, exam: Exam, small: Path) -> None:
        report = self._grade(exam, BrokenBox(), small / "anna", one="x = 1", two="y = 2")
        assert _marks(report) == ("unreadable", 0, 5, 0)
        assert "there is no main.py in it" in report.messages[0]
        assert [file.name for file in report.submission.files] == ["one.py", "two.py"]

    def test_a_mistake_in_a_helper_names_it(self, exam: Exam, box: ProcessBox, small: Path) -> None:
        main = "import helper\ndef total(x): return float(sum(x))\n"
        report = self._grade(exam, box, small / "anna", main=main, helper="x = (1,\n")
        assert _scores(report) == {"A": 0, "B": 2, "C": 0}
        assert "line 1, `import helper`, raises SyntaxError" in report.messages[0]
        assert "helper.py" in report.messages[0]


class TestExam:
    def test_some_of_its_parts(self, exam: Exam, box: ProcessBox, small: Path) -> None:
        report = _grade(exam.only(["B"]), box, small, (small / "good.py").read_bytes())
        assert _scores(report) == {"B": 2}
        assert _marks(report) == ("graded", 2, 2, 0)
        assert report.provenance == exam.provenance

    def test_questions_without_a_part_are_gone(self, exam: Exam) -> None:
        assert exam.only([]).plan.questions == ()

    def test_a_part_that_there_is_not(self, exam: Exam) -> None:
        with pytest.raises(UserError, match="there is no part X, Y; the parts are A, B, C"):
            exam.only(["X", "A", "Y"])

    def test_another_limit(self, exam: Exam, box: ProcessBox, small: Path) -> None:
        short = exam.with_seconds(0.2)
        assert short.plan.limits.import_seconds == exam.plan.limits.import_seconds
        report = _grade(short.only(["A"]), box, small, "def double(x):\n    while True: pass\n")
        assert "within 0.2 s" in report.parts[0].cases[0].message

    def test_its_provenance_says_what_marks_follow_from(self, exam: Exam) -> None:
        facts = exam.provenance.model_dump()
        assert facts["plan"] == exam.plan.digest
        assert facts["key"] == exam.key.digest
        assert all(facts.values())
