"""A self-check kit as a student has it: unpacked somewhere, with nothing of the course's around it."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

PROJECT = Path(__file__).parents[2]
SCRIPTS = Path(sys.executable).parent
LONG = 120
EXAMPLES = PROJECT / "submissions_example"
PERFECT = {"hw3": EXAMPLES / "perfect.py", "softmax_regression": EXAMPLES / "softmax_regression" / "perfect.py"}
WRONG = {"hw3": EXAMPLES / "good.py", "softmax_regression": EXAMPLES / "softmax_regression" / "typical.py"}
ANSWERS = {"hw3": 45, "softmax_regression": 3}


class Kit(NamedTuple):
    name: str
    folder: Path


def _environment() -> dict[str, str]:
    return {**os.environ, "COLUMNS": "400", "NO_COLOR": "1"}


def _run(folder: Path, command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(SCRIPTS / command), *map(str, arguments)],
        cwd=folder, env=_environment(), capture_output=True, text=True, timeout=LONG, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module", params=["hw3", "softmax_regression"])
def kit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kit:
    folder = tmp_path_factory.mktemp(request.param)
    made = _run(PROJECT, "grader", "selfcheck", f"rubrics/{request.param}.yaml", "-o", folder / "kit.zip")
    assert (made.returncode, made.stderr) == (0, "")
    home = folder / "home"
    with zipfile.ZipFile(folder / "kit.zip") as archive:
        archive.extractall(home)
    return Kit(request.param, home)


def _reports(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _written(kit: Kit, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((kit.folder / "reports" / f"{name}.json").read_bytes())
    return found


def test_a_perfect_submission_passes(kit: Kit) -> None:
    done = _run(kit.folder, "grade", PERFECT[kit.name])
    assert (done.returncode, done.stderr) == (0, "")
    assert "(visible cases only)" in done.stdout
    assert "await a person" not in done.stdout
    report = _written(kit, "perfect")
    assert report["score"] == report["max_score"] - report["pending_points"]


def test_the_starter_file_gets_nothing_and_a_friendly_line_for_each_answer(kit: Kit) -> None:
    done = _run(kit.folder, "grade", "submission.py")
    assert (done.returncode, done.stderr) == (1, "")
    assert len(re.findall(r"`\w+` is not written yet\.", done.stdout)) == ANSWERS[kit.name]
    assert "NotImplementedError" not in done.stdout
    assert "(hidden)" not in done.stdout
    report = _written(kit, "submission")
    assert (report["score"], report["pending_points"]) == (0, 0)


def test_the_starter_file_says_the_same_with_the_whole_rubric(kit: Kit, tmp_path: Path) -> None:
    rubric = PROJECT / "rubrics" / f"{kit.name}.yaml"
    for option in ((), ("--student",)):
        done = _run(tmp_path, "grade", kit.folder / "submission.py", "--rubric", rubric, *option)
        assert done.returncode == 0
        assert "Total 0 / " in done.stdout
        assert len(re.findall(r"(?m)is not written yet", done.stdout)) == ANSWERS[kit.name]


def test_what_is_wrong_is_said_as_it_is_with_the_whole_rubric(kit: Kit, tmp_path: Path) -> None:
    done = _run(kit.folder, "grade", WRONG[kit.name], "--json")
    assert done.returncode == 1
    rubric = PROJECT / "rubrics" / f"{kit.name}.yaml"
    whole = _reports(_run(tmp_path, "grade", WRONG[kit.name], "--rubric", rubric, "--student", "--json"))
    at_home = {
        (part["id"], case["answer"], case["name"]): case
        for part in _reports(done)["parts"]
        for case in part["cases"]
    }
    compared = 0
    for part in whole["parts"]:
        for case in part["cases"]:
            if case["visibility"] == "visible":
                other = at_home[part["id"], case["answer"], case["name"]]
                assert (other["status"], other["credit"]) == (case["status"], case["credit"])
                sealed = "the right answer is sealed" in other["message"]
                assert sealed or other["message"] == case["message"]
                assert not sealed or "expected" in case["message"]
                compared += bool(case["message"]) and not sealed
    assert compared >= 1


def test_only_one_part_and_from_another_folder(kit: Kit, tmp_path: Path) -> None:
    done = _run(tmp_path, "grade", kit.folder / "submission.py", "--only", "1A", "--json")
    assert [part["id"] for part in _reports(done)["parts"]] == ["1A"]
    assert done.returncode == 1


def test_a_kit_that_is_of_another_version_is_said_in_one_line(kit: Kit, tmp_path: Path) -> None:
    (tmp_path / "selfcheck").mkdir()
    for name in ("plan", "key"):
        (tmp_path / "selfcheck" / name).write_bytes(b"grader of the future\n")
    done = _run(tmp_path, "grade", PERFECT[kit.name])
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "another version of the grader" in done.stderr


class Watched:
    """A `grade --watch` that runs, and what it has printed."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [str(SCRIPTS / "grade"), *arguments, "--watch"],
            cwd=folder, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.lines: queue.Queue[str] = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def until(self, pattern: str) -> None:
        """Read until a grading says this and has ended: of one save it may see the file empty first."""
        said, deadline = "", time.monotonic() + LONG
        while not (re.search(pattern, said) and said.endswith("to be saved; Ctrl-C ends.\n")):
            said += self.lines.get(timeout=max(deadline - time.monotonic(), 0.01))


@pytest.fixture
def watched(kit: Kit, tmp_path: Path) -> Iterator[Watched]:
    file = tmp_path / "submission.py"
    file.write_bytes((kit.folder / "submission.py").read_bytes())
    (tmp_path / "selfcheck").symlink_to(kit.folder / "selfcheck")
    running = Watched(tmp_path, "submission.py")
    yield running
    running.process.kill()
    running.process.wait()
    running.reader.join(LONG)
    assert running.process.stdout is not None
    running.process.stdout.close()


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_it_grades_again_at_each_save_until_ctrl_c(kit: Kit, watched: Watched, tmp_path: Path) -> None:
    watched.until("Total 0 / ")
    file = tmp_path / "submission.py"
    file.write_text("def broken(:\n")
    watched.until("is not readable as Python")
    # As many editors save: another file, moved into its place.
    other = tmp_path / ".submission.py.swp"
    other.write_bytes(PERFECT[kit.name].read_bytes())
    other.replace(file)
    watched.until(r"Total (\d+) / \1\b")
    watched.process.send_signal(signal.SIGINT)
    assert watched.process.wait(timeout=LONG) == 0
