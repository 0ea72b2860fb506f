from __future__ import annotations

import contextlib
import dataclasses
import itertools
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.errors import HostError, UserError
from grader.grade import Exam, grade
from grader.judge import checker
from grader.key import compile_rubric
from grader.plan import LatePolicy
from grader.report import PersonReport, Report, SubmissionReport
from grader.rubric import load_rubric
from grader.sandbox import Box, Layer, Needs, ProcessBox, Worker
from grader.submission import MAX_BYTES, Origin, Person, read_submission
from grader.worker.wall.layers import OPEN_WITHOUT


@pytest.fixture
def exam(small: Path) -> Exam:
    rubric = small / "rubrics" / "small.yaml"
    return Exam.of(*compile_rubric(load_rubric(rubric), rubric.parent)[:2])


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


def test_no_submission_suffers_for_the_checks_that_hung_on_the_one_before(
    exam: Exam, box: ProcessBox, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checker, "_allowed", {"a check": 0.5})
    _grade(exam, box, small, (small / "good.py").read_bytes())
    assert not checker._allowed


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


def test_what_is_known_so_far_is_a_report_too(exam: Exam, box: ProcessBox, small: Path) -> None:
    file = small / "good.py"
    made: list[Report] = []
    whole = grade(exam, read_submission(file, "anna"), box, lambda: (0.0, ""), lambda make: made.append(make()))
    assert [_marks(report) for report in made] == [
        ("graded", 1, 5, 1),
        ("graded", 2, 5, 1),
        ("graded", 3, 5, 1),
        ("graded", 4, 5, 1),
    ]
    assert made[0].parts[1].cases[0].message.endswith("grading had not come to it.")
    assert made[-1] == whole


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


LATER = """
  - id: "2"
    title: Built on it
    parts:
      - id: D
        title: The sum of the double
        points: 10
        function: double_total
        uses: [double]
        cases:
          - args: {x: [1.0, 2.0]}
          - {args: {x: [4.25]}, visibility: hidden}
"""


class TestFollowThrough:
    """A part that was spoilt by a wrong helper alone is asked again with a right one."""

    HELPER = "def double(x): return [3 * v for v in x]\n"
    LATER = "def double_total(x): return float(sum(double(x)))\n"

    @pytest.fixture
    def course(self, small: Path) -> Path:
        rubric = small / "rubrics" / "small.yaml"
        rubric.write_text(
            f"{rubric.read_text()}{LATER}".replace("title: A small", "give_away: [double]\ntitle: A small")
        )
        reference = small / "reference.py"
        reference.write_text(
            f"{reference.read_text()}\ndef double_total(x):\n    return float(np.sum(double(x)))\n"
        )
        return rubric

    def _exam(self, rubric: Path) -> Exam:
        return Exam.of(*compile_rubric(load_rubric(rubric), rubric.parent)[:2])

    def test_it_earns_most_of_its_points(self, course: Path, box: ProcessBox, small: Path) -> None:
        report = _grade(self._exam(course), box, small, self.HELPER + self.LATER)
        assert _scores(report) == {"A": 0, "B": 0, "C": 0, "D": 8}
        (finding,) = report.parts[3].findings
        assert finding.kind == "follow_through"
        assert "a right `double` in place of yours" in finding.message
        assert [case.status for case in report.parts[3].cases] == ["wrong", "wrong"]

    def test_a_helper_that_is_missing_is_a_wrong_one(self, course: Path, box: ProcessBox, small: Path) -> None:
        report = _grade(self._exam(course), box, small, self.LATER)
        assert _scores(report)["D"] == 8

    def test_a_helper_that_never_ends_is_too(self, course: Path, box: ProcessBox, small: Path) -> None:
        exam = self._exam(course).with_seconds(0.3)
        report = _grade(exam, box, small, "def double(x):\n    while True: pass\n" + self.LATER)
        assert _scores(report)["D"] == 8

    def test_one_s_own_mistake_is_not_followed(self, course: Path, box: ProcessBox, small: Path) -> None:
        later = "def double_total(x): return float(sum(double(x))) + 1\n"
        report = _grade(self._exam(course), box, small, self.HELPER + later)
        assert _scores(report)["D"] == 0

    def test_nothing_is_lent_unless_it_is_given_away(self, course: Path, box: ProcessBox, small: Path) -> None:
        course.write_text(course.read_text().replace("give_away: [double]\n", ""))
        report = _grade(self._exam(course), box, small, self.HELPER + self.LATER)
        assert _scores(report)["D"] == 0

    def test_what_the_second_sitting_says_stays_there(self, course: Path, box: ProcessBox, small: Path) -> None:
        spy = (
            "import inspect\n"
            "def double_total(x):\n"
            "    print('SECOND', double.__code__.co_filename)\n"
            "    if double.__code__.co_filename == '<lent>':\n"
            "        raise ValueError('LENT-7391')\n"
            "    return float(sum(double(x)))\n"
        )
        report = _grade(self._exam(course), box, small, self.HELPER + spy)
        assert _scores(report)["D"] == 0
        assert "7391" not in report.to_json()
        assert "<lent>" not in report.to_json()

    def test_a_fault_of_the_hosts_there_is_no_zero(self, course: Path, small: Path) -> None:
        class Failing(ProcessBox):
            def start(self, needs: Needs) -> Any:
                if len(started) > 0:
                    raise HostError("no more processes")
                started.append(needs)
                return super().start(needs)

        started: list[Needs] = []
        with contextlib.closing(Failing()) as failing:
            report = _grade(self._exam(course), failing, small, self.HELPER + self.LATER)
        assert _marks(report) == ("host_fault", None, 15, 0)
        assert report.staff_messages == ("no more processes",)

    def test_a_module_that_does_not_load_a_second_time_keeps_its_marks(
        self, course: Path, box: ProcessBox, small: Path
    ) -> None:
        exam = self._exam(course)
        ticks = iter([10.0, 1000.0, 1000.0, 1000.0, 1000.0])
        file = small / "homework.py"
        file.write_text(
            self.HELPER + self.LATER + (small / "good.py").read_text().replace("def double", "def other")
        )
        report = grade(exam, read_submission(file, "anna"), box, lambda: (next(ticks, 1000.0), "now"))
        assert report.status == "graded"
        assert _scores(report) == {"A": 0, "B": 2, "C": 0, "D": 0}


class TestOrigin:
    """Who handed in and when: harmless in the report, and lateness taken off the whole."""

    A_TENTH_A_DAY = LatePolicy(Fraction(1, 10), period=86400, grace=0, cap=Fraction(1), cutoff=None)

    def _grade(self, exam: Exam, box: Box, small: Path, origin: Origin) -> Report:
        late = dataclasses.replace(exam, plan=dataclasses.replace(exam.plan, late=self.A_TENTH_A_DAY))
        submission = read_submission(small / "good.py", "anna", origin=origin)
        return grade(late, submission, box, lambda: (0.0, "2024-01-01T00:00:00+00:00"))

    def test_a_late_submission_loses_points_as_a_whole(self, exam: Exam, box: ProcessBox, small: Path) -> None:
        report = self._grade(exam, box, small, Origin(late=True, late_seconds=100_000.0))
        assert _scores(report) == {"A": 2, "B": 2, "C": 0}
        assert _marks(report) == ("graded", 4, 5, 1)
        assert report.late is not None
        assert (report.late.deducted, report.final_score) == (Decimal(1), Decimal(3))
        assert report.submission.late_seconds == 100_000
        assert "1 day 4 h late: 2 started days, 20 % of 5 points" in report.late.message

    def test_in_time_the_final_score_is_the_score(self, exam: Exam, box: ProcessBox, small: Path) -> None:
        report = self._grade(exam, box, small, Origin(late=False, late_seconds=0.0))
        assert (report.late, report.final_score) == (None, Decimal(4))
        assert report.submission.late_seconds == 0

    def test_a_fault_of_the_hosts_has_no_deduction(self, exam: Exam, small: Path) -> None:
        report = self._grade(exam, BrokenBox(), small, Origin(late=True))
        assert (report.late, report.score, report.final_score) == (None, None, None)

    def test_what_strangers_chose_is_harmless(self, exam: Exam, small: Path) -> None:
        origin = Origin(
            platform="moodle",
            people=(Person("1", "Ann\u202e\nx\udc80", "a\x1b[2J"), Person("2", "B" * 9999)),
            submitted_at="2026-01-01T00:00:00+00:00",
            late_seconds=float("nan"),
            notes=("took a\x1b.py",),
        )
        found = self._grade(exam, BrokenBox(), small, origin).submission
        assert found.people[0] == PersonReport(id="1", name="Ann\\u202e\\nx\\udc80", email="a\\x1b[2J")
        assert len(found.people[1].name) == 300
        assert (found.platform, found.submitted_at) == ("moodle", "2026-01-01T00:00:00+00:00")
        assert (found.late_seconds, found.notes) == (None, ("took a\\x1b.py",))
        assert SubmissionReport.model_validate_json(found.model_dump_json()) == found
