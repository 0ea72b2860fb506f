"""A batch that is killed, interrupted, or loses its lanes: nothing is lost, half written or left running."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_course import Course, alive, assert_gone, descendants, ended, wait_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
COUNT = 12
KILLS = 20


@pytest.fixture
def course(small: Path) -> Iterator[Course]:
    made = Course(small, seconds=0.1).fill(COUNT)
    yield made
    made.close()


def test_killed_at_twenty_random_moments_and_resumed(course: Course) -> None:
    assert course.grade("--jobs", "2").status == 0
    undisturbed = course.reports()
    assert len(undisturbed) == COUNT
    for file in course.out.iterdir():
        file.unlink()

    moments = random.Random(5)
    killed_in_the_middle = 0
    for number in range(KILLS):
        before = course.reports()
        if len(before) > COUNT - 3:
            # Almost done: take some away, so that there is something to disturb.
            for name in moments.sample(sorted(before), 8):
                (course.out / f"{name}.json").unlink()
        process = course.start("--jobs", "2")
        # Half of them at any time since the start, half while something is graded, however busy the machine is.
        if number % 2:
            wait_for(lambda: process.poll() is not None or _lanes(process.pid))  # noqa: B023  (called at once)
        time.sleep(moments.uniform(0, 0.5 if number % 2 else 1.1))
        started = descendants(process.pid)
        process.kill()
        ended(process)
        assert_gone(started)
        reports = course.reports()
        assert reports.items() <= undisturbed.items()
        killed_in_the_middle += len(started) > 2
    assert killed_in_the_middle > KILLS // 4

    # As a run leaves it that is killed in the middle of writing.
    (course.out / next(iter(_temporary_name(course, process.pid)))).write_text('{"half": ')
    last = course.grade("--jobs", "2")
    assert (last.status, last.err) == (0, "")
    assert course.reports() == undisturbed
    assert not list(course.out.glob(".*"))


def _temporary_name(course: Course, pid: int) -> list[str]:
    import platform  # noqa: PLC0415  (for this name alone)

    return [f".writing-{re.sub('[^A-Za-z0-9]', '', platform.node())[:40]}-{pid}-x"]


@pytest.mark.parametrize("jobs", ["2", "1"])
def test_interrupted_with_ctrl_c(course: Course, jobs: str) -> None:
    process = course.start("--jobs", jobs)
    wait_for(lambda: len(course.reports()) >= 2)
    started = descendants(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    begun = time.monotonic()
    done = ended(process)
    took = time.monotonic() - begun
    assert done.status == 130
    # Half a second on an idle machine; the tests may run on a busy one.
    assert took < 3.0
    said = re.fullmatch(
        r"grade: (\d+) of 12 are graded; the same command goes on from there\ngrade: interrupted\n", done.err
    )
    assert said, done.err
    assert_gone(started)
    kept = course.reports()
    assert len(kept) == int(said[1])
    stamps = course.stamps()

    done = course.grade("--jobs", jobs)
    assert (done.status, done.err) == (0, "")
    assert done.out == f"12 submissions: {12 - len(kept)} graded, {len(kept)} graded before\n"
    assert stamps.items() <= course.stamps().items()
    assert len(course.reports()) == COUNT


def test_terminated(course: Course) -> None:
    process = course.start("--jobs", "2")
    wait_for(course.reports)
    started = descendants(process.pid)
    process.terminate()
    assert ended(process).status == 143
    assert_gone(started)


def test_a_lane_that_is_killed_costs_nothing(course: Course) -> None:
    process = course.start("--jobs", "2")
    wait_for(course.reports)
    before = descendants(process.pid)
    lane = next(found for found in before if found.parent == process.pid)
    os.kill(lane.pid, signal.SIGKILL)
    own = [found for found in before if found.parent == lane.pid]
    assert own
    assert_gone(own)
    done = ended(process)
    assert (done.status, done.err) == (0, "")
    assert done.out == "12 submissions: 12 graded\n"
    assert {course.report(name)["status"] for name in course.reports()} == {"graded"}


def test_a_submission_whose_lane_dies_again_and_again_is_set_aside_and_named(course: Course) -> None:
    for file in course.work.iterdir():
        file.unlink()
    # What a student's code cannot do is done to its lane from outside.
    course.hand_in("good")
    unlucky = course.hand_in("unlucky", "time.sleep(30)\n")
    text = (course.folder / "rubrics" / "small.yaml").read_text()
    limits = "import_seconds: 60, submission_seconds: 120"
    (course.folder / "rubrics" / "small.yaml").write_text(
        text.replace("import_seconds: 1, submission_seconds: 20", limits)
    )
    process = course.start("--jobs", "2")
    wait_for(lambda: "good" in course.reports())
    # One of them grades, and does so again in the next one. The other has nothing to lose, unless it is given what
    # the first has lost before its own end is noticed: how many rounds it takes is open, how many attempts is not.
    killed: set[int] = set()

    def over() -> bool:
        for lane in _lanes(process.pid) - killed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(lane, signal.SIGKILL)
            killed.add(lane)
        return process.poll() is not None

    wait_for(over)
    done = ended(process)
    assert done.status == 3
    assert done.err == "grade: unlucky: its grading process was ended 3 times (signal 9)\n"
    assert done.out == "2 submissions: 1 graded, 1 host fault\n"
    assert (course.report("unlucky")["status"], course.report("unlucky")["score"]) == ("host_fault", None)

    # What the machine was at fault for is graded again, and nothing else.
    unlucky.write_text(unlucky.read_text().replace("sleep(30)", "sleep(0)"))
    done = course.grade()
    assert (done.status, done.out) == (0, "2 submissions: 1 graded, 1 graded before\n")


def _lanes(pid: int) -> set[int]:
    """Return the children that are no zygote: that one leads a session."""
    lanes = set()
    for found in descendants(pid):
        # It may end at any moment.
        with contextlib.suppress(ProcessLookupError):
            if found.parent == pid and os.getsid(found.pid) != found.pid:
                lanes.add(found.pid)
    return lanes


def test_lanes_die_with_their_parent(course: Course) -> None:
    process = course.start("--jobs", "2")
    started = wait_for(lambda: len(found := descendants(process.pid)) > 3 and found)
    process.kill()
    ended(process)
    assert_gone(started)
    assert not alive(started)
