"""A batch on a cluster of this machine: the same reports, whatever is lost on the way."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_course import SOLUTION, Course, Process, alive, assert_gone, descendants, ended, wait_for

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
COUNT = 12


@pytest.fixture
def course(small: Path) -> Iterator[Course]:
    course = Course(small, seconds=0.2).fill(COUNT)
    # Handed in by two students, and a folder with a helper: each is a submission of its own.
    (course.work / "student90.py").write_bytes((course.work / "student00.py").read_bytes())
    (course.work / "student91").mkdir()
    (course.work / "student91" / "main.py").write_text("from helper import double\n")
    (course.work / "student91" / "helper.py").write_text(SOLUTION)
    yield course
    course.close()


def workers(pid: int) -> list[Process]:
    """Return Dask's worker processes of a run."""
    return [found for found in descendants(pid) if found.parent == pid and "spawn_main" in found.command]


def test_workers_that_are_killed_lose_nothing(course: Course) -> None:
    assert course.grade("--jobs", "2").status == 0
    here = course.reports()
    assert len(here) == COUNT + 2

    process = course.start("--fresh", "--cluster", "local:2")
    stamps = course.stamps()
    killed: set[Process] = set()
    for _ in range(2):
        wait_for(lambda: sum(stamps[name] != now for name, now in course.stamps().items()) > len(killed))
        # None twice: no submission meets with three of these.
        worker = wait_for(lambda: [found for found in workers(process.pid) if found not in killed])[0]
        killed.add(worker)
        os.kill(worker.pid, signal.SIGKILL)
    started = descendants(process.pid)
    done = ended(process)
    assert done == (0, f"{COUNT + 2} submissions: {COUNT + 2} graded\n", "")
    assert course.reports() == here
    assert all(stamps[name] != now for name, now in course.stamps().items())
    assert_gone(started)


def test_killed_itself_and_interrupted_and_resumed(course: Course) -> None:
    process = course.start("--cluster", "local:2")
    wait_for(lambda: len(course.reports()) >= 2)
    started = descendants(process.pid)
    process.kill()
    ended(process)
    assert_gone(started)
    kept = course.stamps()

    process = course.start("--cluster", "local:2")
    wait_for(lambda: len(course.reports()) > len(kept) + 1)
    started = descendants(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    began = time.monotonic()
    done = ended(process)
    assert (done.status, time.monotonic() - began < 4) == (130, True)
    assert re.match(r"grade: \d+ of 14 are graded; the same command goes on from there\n", done.err), done.err
    assert "Traceback" not in done.err
    assert_gone(started)

    done = course.grade("--cluster", "local:2")
    assert (done.status, done.err) == (0, "")
    assert len(course.reports()) == COUNT + 2
    assert kept.items() <= course.stamps().items()


class TestElsewhere:
    @pytest.fixture
    def address(self, tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
        """A scheduler and a worker that were started by hand, as docs/cluster.md says."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        where = f"tcp://127.0.0.1:{port}"
        dask = str(Path(sys.executable).parent / "dask")
        commands = [
            [dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
            [dask, "worker", where, "--nthreads", "1", "--no-dashboard"],
        ]
        processes = [
            subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for command in commands
        ]
        yield where, processes
        started = [found for process in processes for found in descendants(process.pid)]
        for process in reversed(processes):
            process.terminate()
        for process in reversed(processes):
            process.wait(30)
        assert_gone(started)

    def test_a_scheduler_that_goes_away_ends_the_batch(
        self, course: Course, address: tuple[str, list[subprocess.Popen[bytes]]]
    ) -> None:
        where, processes = address
        process = course.start("--cluster", where)
        wait_for(lambda: len(course.reports()) >= 2)
        processes[0].kill()
        done = ended(process)
        assert done.err == "grade: the cluster's scheduler does not answer any more; what is graded is kept\n"
        assert done.status == 3
        assert not alive(descendants(process.pid))

    def test_a_cluster_that_is_already_there(
        self, course: Course, address: tuple[str, list[subprocess.Popen[bytes]]]
    ) -> None:
        where, _ = address
        assert course.grade("--cluster", where) == (0, "14 submissions: 14 graded\n", "")
        # It goes on for the next batch, of another rubric.
        rubric = course.folder / "rubrics" / "small.yaml"
        rubric.write_text(rubric.read_text().replace("points: 2", "points: 7"))
        assert course.grade("--cluster", where) == (0, "14 submissions: 14 graded\n", "")
        assert course.report("student00")["max_score"] == 15


@pytest.mark.parametrize("address", ["local:0", "here"])
def test_an_address_that_means_nothing(course: Course, address: str) -> None:
    done = course.grade("--cluster", address)
    assert done == (2, "", f"grade: --cluster {address}: give tcp://host:port, or local:N\n")
