"""A small course to grade as a person does, and what must hold of it whatever happens to a run."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

GRADE = str(Path(sys.executable).parent / "grade")
LONG = 120.0
SOLUTION = "import numpy as np\n\ndef double(x):\n    return 2 * np.asarray(x)\n"
PROGRESS = re.compile(r"^grade: \d+ of \d+ graded, [0-9.]+/s, \d+ s left\n", re.MULTILINE)
_MEASURED = re.compile(rb'"(seconds|graded_at)": [^,\n]+')


class Done(NamedTuple):
    """How a command ended; on a busy machine there may be lines about its progress, which `err` is without."""

    status: int
    out: str
    err: str


@dataclass
class Course:
    """A rubric, and a class of submissions that differ.

    Attributes:
        folder: where the commands are typed.
        seconds: what loading a submission takes, so that there is a moment in which a run is in the middle.
    """

    folder: Path
    seconds: float = 0.0
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def work(self) -> Path:
        return self.folder / "class"

    @property
    def out(self) -> Path:
        return self.folder / "marks"

    def fill(self, count: int) -> Course:
        self.work.mkdir(exist_ok=True)
        for number in range(count):
            self.hand_in(f"student{number:02}", f"NUMBER = {number}\n")
        return self

    def hand_in(self, name: str, more: str = "", solution: str = SOLUTION) -> Path:
        file = self.work / f"{name}.py"
        file.write_text(f"import time\ntime.sleep({self.seconds})\n{solution}\n{more}", encoding="utf-8")
        return file

    def start(self, *options: str | Path, **more: Any) -> subprocess.Popen[bytes]:
        """Start a run, of the class or of something else, in a process group of its own, as a shell does."""
        work = more.pop("of", self.work)
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        environment = {
            name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}
        }
        process = subprocess.Popen(
            [GRADE, str(work), "--out", str(self.out), *map(str, options)],
            cwd=self.folder,
            env={**environment, **more.pop("env", {})},
            start_new_session=True,
            **{**streams, **more},
        )
        self._processes.append(process)
        return process

    def close(self) -> None:
        """End what a test that has failed has left behind."""
        for process in self._processes:
            with process:
                process.kill()

    def grade(self, *options: str | Path, **more: Any) -> Done:
        return ended(self.start(*options, **more))

    def reports(self) -> dict[str, bytes]:
        """Return every report but for what is measured; each must be whole."""
        found = {}
        for file in self.out.glob("*.json"):
            content = file.read_bytes()
            json.loads(content)
            if file.name != "run.json":
                found[file.stem] = _MEASURED.sub(b"", content)
        return found

    def report(self, name: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.out / f"{name}.json").read_bytes())
        return content

    def stamps(self) -> dict[str, int]:
        """Return when each report was written."""
        return {file.stem: file.stat().st_mtime_ns for file in self.out.glob("student*.json")}


def ended(process: subprocess.Popen[bytes], seconds: float = LONG) -> Done:
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Done(process.returncode, (out or b"").decode(), PROGRESS.sub("", (err or b"").decode()))


class Process(NamedTuple):
    """One that lives or lived: a process id may come again, but not with the same start."""

    pid: int
    started: int
    parent: int
    command: str


def _process(pid: int) -> Process | None:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        if fields[0] not in {b"Z", b"X"}:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            return Process(pid, int(fields[19]), int(fields[1]), command)
    return None


def descendants(pid: int) -> list[Process]:
    """Return everything that a process has started, and that lives."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    every = [process for process in map(_process, pids) if process is not None]
    found: list[Process] = []
    parents = {pid}
    while parents:
        more = [process for process in every if process.parent in parents]
        found += more
        parents = {process.pid for process in more}
    return found


def alive(processes: list[Process]) -> list[Process]:
    found = []
    for process in processes:
        now = _process(process.pid)
        if now is not None and now.started == process.started:
            found.append(now)
    return found


def wait_for(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Wait until something holds and return it."""
    for _ in _moments(seconds):
        if found := condition():
            return found
    raise AssertionError("it did not come to hold")


def assert_gone(processes: list[Process]) -> None:
    """Whoever is killed with its parent needs a moment for it."""
    for _ in _moments(5.0):
        if not alive(processes):
            return
    raise AssertionError(f"still there: {alive(processes)}")


def _moments(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.02)
