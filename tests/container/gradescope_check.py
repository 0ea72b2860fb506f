"""Runs inside a container's root file system that `setup.sh` has set up: grades submissions, checks every result.

Prints a line of a Markdown table for each. Runs on the Python that `setup.sh` installed, as root.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

from grader.render.gradescope import Results

ROOT = Path("/autograder")
HERE = Path(__file__).parent
MOMENTS = 10

HOSTILE = """
import ctypes, glob, os, socket, subprocess
names = ["/etc/shadow", "/autograder/submission_metadata.json", *glob.glob("/autograder/**", recursive=True)]
names += [f"/autograder/source/exam/{name}" for name in ("key", "plan", "settings.json")]
names += ["/autograder/results/results.json", "/autograder/run_autograder", "/proc/1/environ", "/proc/1/mem"]
names += [f"/proc/{os.getppid()}/mem"]
for name in names:
    for what, act in {
        "READ": lambda: open(name, "rb").read(1),
        "WROTE": lambda: open(name, "r+b").write(b"x"),
        "REMOVED": lambda: os.remove(name),
        "OPENED": lambda: os.chmod(name, 0o777),
    }.items():
        try:
            act()
            print("EVIL", what, name)
        except OSError:
            pass
for what in (lambda: socket.socket(), lambda: subprocess.run(["id"]), os.fork, lambda: os.kill(1, 9)):
    try:
        what()
        print("EVIL", what)
    except OSError:
        pass
print("uid", os.getuid())

def sign(x):
    os._exit(0)

def relu(x):
    while True:
        pass

def sigmoid(x):
    return bytearray(4_000_000_000)
"""


SLOW = """
import time

quick_sign = sign

def sign(x):
    time.sleep(0.15)
    return quick_sign(x)
"""


def tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201  (its voice)


class Meter(threading.Thread):
    """Measures the most memory that a process and its descendants have together, while it is entered."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self._ended = pid, 0, threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.01):
            self.peak = max(self.peak, sum(map(resident, family(self.pid))))

    def end(self) -> int:
        self._ended.set()
        self.join()
        return self.peak >> 20


def family(top: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError, IndexError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found = {top}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def resident(pid: int) -> int:
    """Return what a process has in memory; pages that several have count once, where this may be looked at.

    In a container, nobody may with the grader, which is closed to tracers: there they count for each process.
    """
    for file, field in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        with contextlib.suppress(OSError, StopIteration):
            lines = Path(f"/proc/{pid}/{file}").read_text().split("\n")
            return int(next(line for line in lines if line.startswith(field)).split()[1]) << 10
    return 0


def submissions() -> dict[str, dict[str, bytes]]:
    def example(name: str) -> bytes:
        return (HERE / "examples" / name).read_bytes()

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("homework/hw3.py", example("perfect.py"))
    found = {
        "perfect": {"hw3.py": example("perfect.py")},
        "wrong": {"hw3.py": example("wrong_shapes.py")},
        "loops and exits": {"hw3.py": example("loops_and_exits.py")},
        "hostile": {"hw3.py": HOSTILE.encode()},
        "empty": {"hw3.py": b""},
        "missing": {},
        "three files": {
            "main.py": b"from mine import *\nfrom tools import nothing\n",
            "mine.py": example("perfect.py"),
            "tools.py": b"nothing = None\n",
        },
        "a zip": {"all.zip": packed.getvalue()},
    }
    for file in sorted((HERE / "examples").glob("*.ipynb")):
        found["notebook"] = {file.name: file.read_bytes()}
    return found


def hand_in(files: dict[str, bytes]) -> None:
    shutil.rmtree(ROOT / "submission", ignore_errors=True)
    (ROOT / "submission").mkdir()
    for name, content in files.items():
        (ROOT / "submission" / name).write_bytes(content)


def start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["/autograder/run_autograder"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )


def results() -> Results:
    return Results.model_validate_json((ROOT / "results" / "results.json").read_bytes())


def graded(name: str, files: dict[str, bytes]) -> bool:
    hand_in(files)
    began = time.monotonic()
    process = start()
    meter = Meter(process.pid)
    meter.start()
    said = process.communicate()[0]
    seconds, memory = time.monotonic() - began, meter.end()
    good = process.returncode == 0 and "EVIL" not in said
    tell(f"| {name} | {process.returncode} | {results().score:g} | {seconds:.2f} | {memory} |")
    if not good:
        tell(said)
    return good


def killed() -> bool:
    hand_in(submissions()["perfect"])
    began = time.monotonic()
    start().communicate()
    whole = time.monotonic() - began
    moments = random.Random(6)
    scores = []
    for number in range(MOMENTS):
        process = start()
        time.sleep(whole * (number + moments.random()) / MOMENTS)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        scores.append(results().score)
    tell(f"| killed at {MOMENTS} moments | -9 | {', '.join(f'{score:g}' for score in scores)} | | |")
    return None not in scores


def wall() -> bool:
    """Whether the answers are behind another user and behind Landlock, as far as the kernel has it."""
    command = [sys.executable, "-I", "-m", "grader.cli.autograder", "--self-test"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [
        line for line in said.stdout.split("\n") if line.startswith(("self-test: uid", "self-test: landlock"))
    ]
    tell("\n".join(lines))
    return said.returncode == 0 and "self-test: uid: in force" in said.stdout


def main() -> None:
    """Check all of it; exit with 1 where something does not hold."""
    tell(f"python {sys.version.split()[0]}, uid {os.getuid()}")
    good = [wall()]
    tell("\n| submission | status | score | seconds | MiB |\n|---|---|---|---|---|")
    (ROOT / "submission_metadata.json").write_text('{"users": [{"id": 1, "name": "Ann"}]}')
    good += [graded(name, files) for name, files in submissions().items()]
    good.append(killed())
    # For whoever ends the whole container.
    hand_in({"hw3.py": submissions()["perfect"]["hw3.py"] + SLOW.encode()})
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
