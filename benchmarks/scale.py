"""Batches of many small submissions: seconds, the memory of the grading process, and what is left over.

    python benchmarks/scale.py [--jobs N] [COUNT...]

Makes COUNT distinct submissions for each (100, 1000 and 10000 by default), grades them with the command and looks
at its process in /proc while it runs. Prints a line for each batch: seconds, submissions a second once it has
started (what two submissions take is taken off), the seconds for each as a ratio to the first batch's, the peak of
the parent's memory (VmHWM), its memory and its open files when a quarter was graded and at the end, and how many
of the processes that it has started are left over a moment after it has ended.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

GRADE = str(Path(sys.executable).parent / "grade")
RUBRIC = """
assignment: scale
title: A small homework
reference: reference.py
limits: {seconds: 2, import_seconds: 5, submission_seconds: 30, memory_mb: 512}
questions:
  - id: "1"
    title: All
    parts:
      - id: A
        title: Twice
        points: 2
        function: double
        cases:
          - args: {x: [1.0, 2.0]}
          - {args: {x: [3.5]}, visibility: hidden}
      - id: B
        title: The sum
        points: 2
        function: total
        cases:
          - args: {x: [1.0, 2.0]}
          - {args: {x: [4.25]}, visibility: hidden}
"""
SOLUTION = """
import numpy as np

def double(x):
    return 2 * np.asarray(x)

def total(x):
    return float(np.sum(x))
"""
_SAMPLE_SECONDS = 0.2


class Sample(NamedTuple):
    """The grading process at one moment: mebibytes, and open files."""

    memory: float
    peak: float
    descriptors: int


class Batch(NamedTuple):
    """What was measured of one batch."""

    seconds: float
    quarter: Sample
    last: Sample
    left_over: int


def make(folder: Path, count: int) -> Path:
    """Make a class of `count`, no two submissions alike, and the rubric; return the class's folder."""
    (folder / "scale.yaml").write_text(RUBRIC)
    (folder / "reference.py").write_text(SOLUTION)
    work = folder / "class"
    work.mkdir()
    for number in range(count):
        (work / f"student{number:05}.py").write_text(f"{SOLUTION}\nNUMBER = {number}\n")
    return work


def sample(pid: int) -> Sample | None:
    """Return how the process stands; None when it has ended."""
    with contextlib.suppress(OSError, KeyError):
        lines = (line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        facts = {name: value.split()[0] for name, value in lines if value.split()}
        # Closed to others of its own user, unless that is root.
        descriptors = -1
        with contextlib.suppress(PermissionError):
            descriptors = len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208  (the names do not matter)
        return Sample(int(facts["VmRSS"]) / 1024, int(facts["VmHWM"]) / 1024, descriptors)
    return None


def processes() -> dict[int, tuple[int, str]]:
    """Return the parent of every process, and its start, which tells it from a later one of the same id."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if fields[0] != "Z":
                    found[int(entry.name)] = (int(fields[1]), fields[19])
    return found


def family(root: int) -> set[tuple[int, str]]:
    """Return every descendant of a process, as its id and its start."""
    table = processes()
    found: set[int] = set()
    parents = {root}
    while parents:
        parents = {pid for pid, (parent, _) in table.items() if parent in parents} - found
        found |= parents
    return {(pid, table[pid][1]) for pid in found}


def grade(folder: Path, work: Path, count: int, more: list[str]) -> Batch:
    """Grade a class and return what was measured."""
    out = folder / "reports"
    command = [GRADE, str(work), "--rubric", str(folder / "scale.yaml"), "--out", str(out), *more]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    quarter = last = Sample(0, 0, 0)
    started: set[tuple[int, str]] = set()
    while process.poll() is None:
        now = sample(process.pid)
        if now is not None:
            last = now
            started |= family(process.pid)
            if not quarter.memory and out.exists() and len(os.listdir(out)) * 4 >= count:  # noqa: PTH208  (same)
                quarter = now
        # Its end is not waited for as long: of a hundred that would be the half of their time.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_SAMPLE_SECONDS)
    seconds = time.perf_counter() - start
    said = process.stderr.read() if process.stderr else ""
    reports = len(list(out.glob("student*.json")))
    if process.returncode or reports != count:
        sys.exit(f"grade exited with {process.returncode} and left {reports} of {count} reports: {said}")
    time.sleep(0.5)
    alive = {(pid, start) for pid, (_, start) in processes().items()}
    return Batch(seconds, quarter, last, len(started & alive))


def graded(count: int, more: list[str]) -> Batch:
    """Make a class, grade it and return what was measured."""
    with tempfile.TemporaryDirectory(prefix="grader-scale-") as name:
        return grade(Path(name), make(Path(name), count), count, more)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Grade batches of many small submissions.")
    parser.add_argument("counts", nargs="*", type=int, default=[100, 1000, 10000])
    parser.add_argument("--jobs", default=str(len(os.sched_getaffinity(0))))
    parser.add_argument("--cluster", default="")
    arguments = parser.parse_args()
    more = ["--cluster", arguments.cluster] if arguments.cluster else ["--jobs", arguments.jobs]
    start = graded(2, more).seconds
    print(f"{' '.join(more)}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; start {start:.1f} s")
    print("  count  seconds    each/s  ratio  peak MiB   memory MiB       files  left over")
    first = 0.0
    for count in arguments.counts:
        done = graded(count, more)
        each = (done.seconds - start) / count
        first = first or each
        quarter, last = done.quarter, done.last
        print(
            f"{count:>7}  {done.seconds:>7.1f}  {1 / each:>8.1f}  {each / first:>5.2f}  {last.peak:>8.0f}"
            f"  {quarter.memory:>4.0f} to {last.memory:<4.0f}  {quarter.descriptors:>3} to {last.descriptors:<3}"
            f"  {done.left_over:>9}",
            flush=True,
        )


if __name__ == "__main__":
    main()
