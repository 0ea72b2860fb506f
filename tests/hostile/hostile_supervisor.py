"""Runs attacks one after another against one kind of box and tells, by effect, what each of them achieved.

Run as a process of its own: `python hostile_supervisor.py JOB`, with JOB as JSON of `Job`. It answers with a JSON
list of findings on standard output. It is the one that looks: the runner, which grades, is its child.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import hostile_arena as arenas
import hostile_containment as containment
import hostile_watch as watch
from hostile_catalogue import Attack, read_attack
from hostile_findings import Sitting, findings
from hostile_listeners import Listeners

_RUNNER = Path(__file__).resolve().parent / "runner.py"
_CHECKOUT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0
_GRADING_SECONDS = 60.0
_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Job:
    """What to run.

    Attributes:
        attacks: their names.
        isolation: as the box takes it.
        without: layers of the wall to leave out.
        uid: the user who grades; None for the one we are.
        contained: we are the first process of a cage, and must furnish it.
        reachable: in the cage, every user reaches the interpreter, wherever it lives.
    """

    attacks: list[str]
    isolation: str = "auto"
    without: list[str] = field(default_factory=list)
    uid: int | None = None
    contained: bool = True
    reachable: bool = True


class Runner:
    """The grading process, in a fresh arena with ears on."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.arena = arenas.build(job.uid)
        self.listeners = Listeners(self.arena.folder)
        tokens = self.arena.tokens
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the runner)
        secret = tempfile.TemporaryFile()  # noqa: SIM115
        secret.write(tokens["descriptor"].encode())
        secret.flush()
        self.descriptor = os.dup(secret.fileno())
        os.set_inheritable(self.descriptor, True)
        arguments = [str(self.arena.rubric), job.isolation, ",".join(job.without), tokens["command line"]]
        self._process = subprocess.Popen(
            [sys.executable, "-B", str(_RUNNER), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env={"PATH": os.environ.get("PATH", ""), "HOSTILE_SECRET": tokens["environment"]},
            cwd=self.arena.desk,
            pass_fds=[self.descriptor],
            start_new_session=True,
            user=job.uid,
            group=job.uid,
            extra_groups=None if job.uid is None else [],
        )
        secret.close()
        self.pid = self._process.pid
        hello = self.ask(tokens["memory"], _START_SECONDS)
        if hello is None:
            self.stop()
            raise SystemExit(f"the grading process does not start: {self.complaints()}")
        self._hello = hello
        self.standing = watch.standing(self.pid)
        self._grade_the_other()
        self.helpers = len(watch.descendants(self.pid))

    def where(self) -> dict[str, Any]:
        """What an insider knows about the place; no secret is among it."""
        arena, listeners = self.arena, self.listeners
        names = ("folder", "rubric", "reference", "results", "other", "desk", "inbox")
        return {
            **{name: str(getattr(arena, name)) for name in names},
            "result": str(arena.results / "other.json"),
            "marker": arena.marker,
            "grader": self.pid,
            "descriptor": self.descriptor,
            "address": self._hello["address"],
            "length": self._hello["length"],
            "visible": self._hello["visible"],
            "tcp": listeners.tcp,
            "udp": listeners.udp,
            "unix": str(listeners.path),
            "abstract": listeners.abstract,
            "checkout": str(_CHECKOUT),
            "python": sys.executable,
        }

    def ask(self, line: str, seconds: float) -> dict[str, Any] | None:
        """Send a line and return the answer; None when none comes."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(f"{line}\n".encode())
            self._process.stdin.flush()
        except OSError:
            return None
        answer = _line(self._process.stdout, seconds)
        try:
            content = json.loads(answer)
        except ValueError:
            return None
        return content if isinstance(content, dict) else None

    def grade(self, file: Path) -> dict[str, Any] | None:
        return self.ask(f"grade {file}", _GRADING_SECONDS)

    def status(self) -> int | None:
        """Return how it ended; None when it has not."""
        try:
            return self._process.wait(0.3)
        except subprocess.TimeoutExpired:
            return None

    def complaints(self) -> str:
        """Return what it has written to its standard error so far."""
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")

    def stop(self) -> int | None:
        """End it, as a grader ends: its standard input is closed."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        watch.end_all(())
        os.close(self.descriptor)
        self.listeners.close()
        return self.status()

    def _grade_the_other(self) -> None:
        """An honest student comes first: what is left of one must be out of the next one's reach."""
        answer = self.grade(self.arena.other)
        report = json.loads(answer["report"]) if answer else {}
        if report.get("score") != 4:
            said = self.complaints() or report
            self.stop()
            raise SystemExit(f"an honest submission does not get its marks: {said}")


def _line(stream: IO[bytes], seconds: float) -> bytes:
    deadline = time.monotonic() + seconds
    data = b""
    while not data.endswith(b"\n") and (left := deadline - time.monotonic()) > 0:
        if select.select([stream], [], [], left)[0]:
            chunk = os.read(stream.fileno(), 1 << 20)
            if not chunk:
                break
            data += chunk
    return data


def run(job: Job) -> Iterator[dict[str, Any]]:
    """Yield what each attack achieved."""
    runner: Runner | None = None
    for name in job.attacks:
        runner = runner or Runner(job)
        sitting = _sit(runner, read_attack(name), job)
        found = findings(sitting)
        yield {"attack": name, "findings": found, "seconds": round(sitting.seconds, 3)}
        if found:
            # What one attack has broken must not count for the next.
            runner.stop()
            runner = None
            if job.contained:
                containment.sweep()
    if runner is not None and (status := runner.stop()) != 0:
        yield {"attack": job.attacks[-1], "findings": [f"grading ended with status {status}"], "seconds": 0.0}


def _sit(runner: Runner, attack: Attack, job: Job) -> Sitting:
    where = runner.where()
    file = arenas.hand_in(runner.arena, attack.name, attack.text(where), job.uid)
    before = arenas.snapshot(runner.arena, alone=job.contained)
    start = time.monotonic()
    answer = runner.grade(file)
    seconds = time.monotonic() - start
    left = _left(runner) if answer is not None else []
    sitting = Sitting(attack, runner.arena, answer, seconds)
    sitting.left = left
    sitting.heard = runner.listeners.heard()
    sitting.changes = arenas.changes(before, arenas.snapshot(runner.arena, alone=job.contained))
    sitting.complaints = runner.complaints()
    if answer is None:
        sitting.status = runner.status()
    elif (now := watch.standing(runner.pid)) != runner.standing:
        sitting.standing = [key for key in now if now[key] != runner.standing[key]]
    return sitting


def _left(runner: Runner) -> list[str]:
    """Return the processes that the box did not end. Its own helpers may be others than before, but no more."""

    def count() -> int:
        watch.reap({runner.pid})
        return len(watch.descendants(os.getpid())) - 1

    if watch.settle(count, runner.helpers, 0.3):
        return []
    # Perhaps the box has started a helper more than it had: it ends them all when it is closed.
    runner.ask("close", _GRADING_SECONDS)
    if watch.settle(count, 0, 0.3):
        return []
    return [f"{name} ({pid})" for pid, name in watch.descendants(os.getpid()).items() if pid != runner.pid]


def main() -> None:
    job = Job(**json.loads(sys.argv[1]))
    if job.contained:
        sites = {Path(path) for path in sys.path if path.endswith("-packages")}
        needed = {_CHECKOUT, Path(sys.prefix), Path(sys.base_prefix), *sites}
        containment.furnish(needed, reachable=job.reachable)
    ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)
    for found in run(job):
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
