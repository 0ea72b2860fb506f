"""What a command costs: its wall time, and the processor time of everything that it has started.

Only processes that have been waited for count in `RUSAGE_CHILDREN`. So this process takes in the orphans of what
it runs (on Linux) and waits for them, too: the processor time of a killed worker is in the figures.
"""

from __future__ import annotations

import contextlib
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from grader.sandbox.parent import adopt_orphans


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds.

    Attributes:
        wall: by the clock.
        cpu: user and system time of the whole tree of processes.
    """

    wall: float
    cpu: float

    def per(self, count: int) -> Spent:
        """Return the share of one of `count`."""
        return Spent(self.wall / count, self.cpu / count)


@dataclass(frozen=True, slots=True)
class Command:
    """What to run.

    Attributes:
        words: the command line.
        folder: where to run it.
        environment: in addition to this process's own.
    """

    words: Sequence[str]
    folder: Path
    environment: Mapping[str, str]


class FailedError(Exception):
    """A command has failed; says which and what it said last."""


@dataclass(frozen=True, slots=True)
class _Running:
    """A command that runs, and the file that takes what it says."""

    process: subprocess.Popen[bytes]
    command: Command
    said: IO[bytes]


def spend(commands: Sequence[Command], at_a_time: int = 1) -> Spent:
    """Run commands that must succeed, so many `at_a_time`, and return what all of them took together.

    Raises:
        FailedError: one of them fails; the others are ended.
    """
    adopt_orphans()
    before = _children()
    start = time.perf_counter()
    running: dict[int, _Running] = {}
    try:
        for command in commands:
            if len(running) == at_a_time:
                _one_ends(running)
            started = _start(command)
            running[started.process.pid] = started
        while running:
            _one_ends(running)
        wall = time.perf_counter() - start
    finally:
        for started in running.values():
            started.process.kill()
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
    return Spent(wall, _children() - before)


def in_turn(work: Mapping[str, Callable[[], Spent]], rounds: Mapping[str, int]) -> dict[str, list[Spent]]:
    """Do each kind of work once in every round, for as many rounds as it is to have."""
    found: dict[str, list[Spent]] = {name: [] for name in work}
    for number in range(max(rounds.values())):
        for name, do in work.items():
            if number < rounds[name]:
                found[name].append(do())
    return found


def middle(values: Sequence[float]) -> str:
    """Return the median and the range, in milliseconds."""
    return f"{1e3 * statistics.median(values):9.1f} ({1e3 * min(values):.1f} to {1e3 * max(values):.1f})"


def print_table(title: str, found: Mapping[str, Sequence[Spent]], ours: str) -> None:
    """Print a line for each kind of work: milliseconds, and how many times ours it takes."""
    print(f"\n{title}")
    print(f"  {'milliseconds':34} {'wall':28} {'processor':28} {'x ours':>8} {'x ours, cpu':>12}")
    wall, cpu = (statistics.median(getattr(item, kind) for item in found[ours]) for kind in ("wall", "cpu"))
    for name, spent in found.items():
        walls, cpus = [item.wall for item in spent], [item.cpu for item in spent]
        ratios = statistics.median(walls) / wall, statistics.median(cpus) / cpu
        print(f"  {name:34} {middle(walls):28} {middle(cpus):28} {ratios[0]:8.2f} {ratios[1]:12.2f}")


def _start(command: Command) -> _Running:
    said = tempfile.TemporaryFile()  # noqa: SIM115  (closed when the command has ended)
    process = subprocess.Popen(
        command.words,
        cwd=command.folder,
        env={**os.environ, **command.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
    )
    return _Running(process, command, said)


def _one_ends(running: dict[int, _Running]) -> None:
    """Wait until one of ours has ended; orphans that come here meanwhile are waited for as well."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid in running:
            break
    ended = running.pop(pid)
    # Popen must not wait for it again.
    ended.process.returncode = os.waitstatus_to_exitcode(status)
    with ended.said as said:
        if ended.process.returncode:
            said.seek(0)
            last = said.read().decode(errors="replace").strip().rpartition("\n")[2]
            raise FailedError(
                f"{' '.join(ended.command.words[:3])}: exit status {ended.process.returncode}: {last}"
            )


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
