"""What a second run grades again, what a submission costs the others, and how progress is shown."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from batch_course import SOLUTION, Course, ended

COUNT = 4


@pytest.fixture
def course(small: Path) -> Iterator[Course]:
    made = Course(small).fill(COUNT)
    yield made
    made.close()


@pytest.fixture(scope="module")
def graded_once(make_small: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Course(make_small(tmp_path_factory.mktemp("graded"))).fill(COUNT)
    done = made.grade()
    assert (done.status, done.out, done.err) == (0, "4 submissions: 4 graded\n", "")
    return made.folder


@pytest.fixture
def graded(graded_once: Path, tmp_path: Path) -> Iterator[Course]:
    """Return such a course of the test's own: what has been graded is known wherever it lies."""
    made = Course(Path(shutil.copytree(graded_once, tmp_path / "again")))
    yield made
    made.close()


class TestResume:
    def again(self, course: Course, *options: str) -> set[str]:
        """Grade again and return whose report was written."""
        before = course.stamps()
        done = course.grade(*options)
        assert done.status == 0, done.err
        return {name for name, stamp in course.stamps().items() if before.get(name) != stamp}

    def test_nothing_is_graded_twice(self, graded: Course) -> None:
        assert self.again(graded) == set()
        assert self.again(graded, "--jobs", "1") == set()

    def test_fresh_grades_all(self, graded: Course) -> None:
        assert len(self.again(graded, "--fresh")) == COUNT

    def test_a_submission_that_has_changed_or_is_new(self, graded: Course) -> None:
        graded.hand_in("student01", "NUMBER = 'another'\n")
        graded.hand_in("student77")
        assert self.again(graded) == {"student01", "student77"}

    def test_a_report_that_is_damaged_gone_or_of_another(self, graded: Course) -> None:
        reports = [graded.out / f"student0{number}.json" for number in range(COUNT)]
        for file, damage in zip(reports, ["", "{", '{"schema_version": 1}', "\0"], strict=True):
            file.write_text(damage)
        assert len(self.again(graded)) == COUNT
        reports[0].unlink()
        reports[1].write_bytes(reports[2].read_bytes())
        assert self.again(graded) == {"student00", "student01"}

    def test_what_the_machine_was_at_fault_for(self, graded: Course) -> None:
        file = graded.out / "student03.json"
        file.write_text(file.read_text().replace('"status": "graded"', '"status": "host_fault"'))
        assert self.again(graded) == {"student03"}

    @pytest.mark.parametrize(
        ("file", "old", "new"),
        [
            ("rubrics/small.yaml", "points: 2", "points: 3"),
            ("rubrics/small.yaml", "4.25", "4.5"),
            ("reference.py", "2 * np", "3 * np"),
        ],
    )
    def test_a_rubric_or_a_reference_that_has_changed(self, graded: Course, file: str, old: str, new: str) -> None:
        path = graded.folder / file
        path.write_text(path.read_text().replace(old, new, 1))
        assert len(self.again(graded)) == COUNT

    def test_a_report_on_some_parts_is_none_on_all(self, course: Course) -> None:
        assert len(self.again(course, "--only", "A")) == COUNT
        assert self.again(course, "--only", "A") == set()
        assert len(self.again(course)) == COUNT

    def test_nor_is_one_by_another_limit(self, course: Course) -> None:
        assert len(self.again(course, "--limit-seconds", "0.5")) == COUNT
        assert self.again(course, "--limit-seconds", "0.5") == set()
        assert len(self.again(course)) == COUNT


def test_two_runs_at_once_into_one_folder(course: Course) -> None:
    processes = [course.start("--fresh"), course.start("--fresh", "--jobs", "1")]
    assert [ended(process).status for process in processes] == [0, 0]
    assert len(course.reports()) == COUNT


def test_a_submission_that_loops_costs_its_own_time_outs_only(course: Course) -> None:
    course.fill(10)
    course.hand_in(
        "student05", solution="def double(x):\n    while True: pass\ndef total(x):\n    return sum(x)\n"
    )
    began = time.monotonic()
    process = course.start("--jobs", "2")
    moments: dict[str, float] = {}
    while process.poll() is None:
        for name in course.reports().keys() - moments.keys():
            moments[name] = time.monotonic() - began
        time.sleep(0.02)
    assert ended(process).status == 0
    # Its two calls of `double` have a second each; with two lanes, nobody waits for them.
    assert list(moments)[-1] == "student05"
    assert course.report("student05")["score"] == 2
    others = max(moment for name, moment in moments.items() if name != "student05")
    assert moments["student05"] - others > 1


def test_below_the_share_that_is_asked_for(course: Course) -> None:
    assert course.grade("--fail-under", "40").status == 0
    course.hand_in("student09", solution="")
    assert course.grade("--fail-under", "40").status == 1
    # Also of those that were graded before.
    assert course.grade("--fail-under", "40").status == 1


class TestShown:
    def test_lines_now_and_then_where_there_is_no_terminal(self, small: Path) -> None:
        course = Course(small, seconds=0.9).fill(8)
        out, err = course.start("--jobs", "1").communicate()
        assert out == b"8 submissions: 8 graded\n"
        assert re.fullmatch(rb"(grade: [0-8] of 8 graded, [0-9.]+/s, [0-9]+ s left\n)+", err), err

    @pytest.mark.parametrize("width", [100, 30])
    def test_a_bar_on_a_terminal(self, small: Path, terminal: Callable[..., str], width: int) -> None:
        shown = terminal(Course(small, seconds=0.3).fill(6), width)
        drawn = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
        lines = [line for line in re.split(r"[\r\n]+", drawn) if line.strip()]
        assert max(map(len, lines)) <= width
        assert "6/6" in drawn
        if width == 100:
            # Not in one line where both end at once.
            assert re.search(r"Grading .* [0-5]/6 +[0-9.]+/s +\S+ +student0[0-5], student0[0-5]", drawn)
            assert re.search(r"Grading .* [1-5]/6 +[0-9.]+/s +\d:\d\d:\d\d +student0[0-5]", drawn)
        # One line, drawn over and over, however narrow.
        assert shown.count("\n") <= 2

    def test_none_where_it_does_not_fit(self, small: Path, terminal: Callable[..., str]) -> None:
        assert terminal(Course(small).fill(2), 5) == ""

    @pytest.fixture
    def terminal(self) -> Callable[..., str]:
        """What runs the batch at a terminal of a certain width and returns what is drawn."""
        pty = pytest.importorskip("pty")

        def run(course: Course, width: int) -> str:
            ours, its = pty.openpty()
            environment = {"TERM": "xterm", "COLUMNS": str(width)}
            process = course.start("--jobs", "2", env=environment, stderr=its, stdout=subprocess.DEVNULL)
            os.close(its)
            shown = b""
            try:
                while chunk := os.read(ours, 1 << 16):
                    shown += chunk
            except OSError:
                pass  # the other end was closed
            os.close(ours)
            assert ended(process).status == 0
            return shown.decode()

        return run


@pytest.mark.skipif(sys.platform == "win32", reason="names that Windows forbids")
def test_names_that_would_disturb(course: Course) -> None:
    course.hand_in("run")
    course.hand_in("\x1b[31mred")
    (course.work / "gradebook.py").write_text(SOLUTION)
    done = course.grade()
    assert (done.status, done.out, done.err) == (0, "7 submissions: 7 graded\n", "")
    reports = course.reports()
    assert len(reports) == 7
    assert [name for name in reports if re.fullmatch(r"run-[0-9a-f]{8}", name)]
    assert not any("\x1b" in name for name in reports)
    assert "submissions" in course.report("run")


def test_nothing_to_grade(course: Course) -> None:
    for file in course.work.iterdir():
        file.unlink()
    done = course.grade()
    assert (done.status, done.out) == (2, "")
    assert done.err.count("\n") == 1
