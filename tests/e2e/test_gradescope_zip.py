"""The zip for Gradescope, unpacked in a folder with a container's layout and run as Gradescope runs it."""

from __future__ import annotations

import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.key import compile_rubric
from grader.render.autograded import NOT_A_MARK
from grader.render.gradescope import Results
from grader.rubric import load_rubric

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a container is Linux")

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "submissions_example"
RUBRIC = ROOT / "rubrics" / "hw3.yaml"
MOMENTS = 10

HOSTILE = """
import os, json, glob
for name in glob.glob("/autograder/**", recursive=True) + {places!r}:
    try:
        open(name, "rb").read()
        print("READ", name)
    except OSError:
        pass
    for act in (lambda: open(name, "w").write("{{}}"), lambda: os.remove(name), lambda: os.chmod(name, 0o777)):
        try:
            act()
            print("CHANGED", name)
        except OSError:
            pass

def sign(x):
    os._exit(0)
"""


@pytest.fixture(scope="module")
def zip_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "autograder.zip"
    program = "from grader.cli.grader import main; main()"
    command = [sys.executable, "-c", program, "gradescope", str(RUBRIC), "-o", str(out)]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "hw3: 100 points, 94 automatic" in said.stdout
    return out


class Container:
    """A folder in the place of `/autograder`; this Python in the place of the one that `setup.sh` installs."""

    def __init__(self, root: Path, zip_file: Path) -> None:
        self.root = root
        for name in ("source", "submission", "results"):
            (root / name).mkdir(parents=True)
        with zipfile.ZipFile(zip_file) as archive:
            archive.extractall(root / "source")
            for info in archive.infolist():
                (root / "source" / info.filename).chmod(info.external_attr >> 16 & 0o777)
        shutil.copy(root / "source" / "run_autograder", root / "run_autograder")

    def start(self, **more: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "AUTOGRADER": str(self.root), "GRADER_PYTHON": sys.executable, **more}
        # Whoever is killed leaves something there.
        environment["TMPDIR"] = str(self.root.parent)
        return subprocess.Popen(
            [self.root / "run_autograder"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, **more: str) -> tuple[int, str]:
        process = self.start(**more)
        said = process.communicate(timeout=120)[0]
        return process.returncode, said

    def results(self) -> Results:
        return Results.model_validate_json((self.root / "results" / "results.json").read_bytes())


@pytest.fixture
def made(tmp_path: Path, zip_file: Path) -> Container:
    return Container(tmp_path / "autograder", zip_file)


def test_two_builds_are_the_same_bytes(zip_file: Path, tmp_path: Path) -> None:
    program = "from grader.cli.grader import main; main()"
    again = tmp_path / "again.zip"
    subprocess.run([sys.executable, "-c", program, "gradescope", str(RUBRIC), "-o", str(again)], check=True)
    assert again.read_bytes() == zip_file.read_bytes()
    assert zip_file.stat().st_size < 2_000_000


def members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield every file of a zip, and of a wheel in it, decompressed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            inner = archive.read(name)
            yield name, inner
            if name.endswith(".whl"):
                yield from members(inner)


def test_neither_the_reference_nor_the_rubric_is_in_the_zip(zip_file: Path) -> None:
    """Not a line of the sources that means something; what the course gives away is meant to be there."""
    plan = compile_rubric(load_rubric(RUBRIC), RUBRIC.parent).plan
    given = {line.strip() for source in plan.helpers.values() for line in source.split("\n")}
    content = list(members(zip_file.read_bytes()))
    ours = {line.strip() for name, text in content if name.endswith(".py") for line in text.decode().split("\n")}
    names = [name for name, _ in content]
    assert not [name for name in names if re.search(r"hw3|mistakes\.py$", name) and not name.startswith("grader/")]
    everything = b"\n".join(text for _, text in content)
    for file in ("hw3.py", "hw3_mistakes.py"):
        lines = {line.strip() for line in (ROOT / "reference" / file).read_text().split("\n")}
        telling = {line for line in lines - given - ours if len(line) > 24}
        assert len(telling) > 50
        assert [line for line in telling if line.encode() in everything] == []
    comments = {line.strip() for line in RUBRIC.read_text().split("\n") if line.strip().startswith("# ")}
    assert [line for line in comments if line.encode() in everything] == []
    assert b"8417395026193347" not in everything, "the seed of the hidden draws"


@pytest.mark.parametrize(("name", "score"), [("perfect", 94.0), ("good", 88.41), ("wrong_shapes", None)])
def test_honest_submissions(made: Container, name: str, score: float | None) -> None:
    shutil.copy(EXAMPLES / f"{name}.py", made.root / "submission" / "hw3.py")
    status, said = made.run()
    assert status == 0, said
    results = made.results()
    approved = Results.model_validate_json((ROOT / "tests/golden" / name / "results.json").read_bytes())
    assert results.score == (score or approved.score)
    assert [test.score for test in results.tests or ()] == [test.score for test in approved.tests or ()]
    if name == "perfect":
        assert sum(test.max_score or 0.0 for test in results.tests or ()) == 94.0, "the points to enter there"


def test_three_files(made: Container) -> None:
    folder = made.root / "submission"
    shutil.copy(EXAMPLES / "perfect.py", folder / "answers_of_mine.py")
    (folder / "main.py").write_text("from answers_of_mine import *\nfrom tools import nothing\n")
    (folder / "tools.py").write_text("nothing = None\n")
    assert made.run()[0] == 0
    assert "main.py was taken" in str(made.results().output)


def test_empty_and_missing_submissions(made: Container) -> None:
    assert made.run()[0] == 0
    assert made.results().score == 0.0
    assert "there is no Python file in it" in str(made.results().output)
    (made.root / "submission" / "hw3.py").touch()
    assert made.run()[0] == 0
    assert made.results().score == 0.0
    shutil.rmtree(made.root / "submission")
    assert made.run()[0] == 0
    assert made.results().score == 0.0


def test_a_hostile_submission_reads_and_changes_nothing(made: Container) -> None:
    (made.root / "submission_metadata.json").write_text('{"users": [{"name": "SECRET-NAME"}]}')
    places = [str(path) for path in (*made.root.rglob("*"), made.root / "results" / "results.json")]
    (made.root / "submission" / "hw3.py").write_text(HOSTILE.format(places=places))
    status, said = made.run()
    assert status == 0, said
    assert "READ" not in said
    assert "CHANGED" not in said
    assert made.results().score == 0.0
    assert (made.root / "results").stat().st_mode & 0o777 == 0o755


def until(process: subprocess.Popen[str], wanted: Callable[[], bool]) -> None:
    """Wait until the container has come so far; it must not end before."""
    while not wanted():
        assert process.poll() is None, "it ended before"
        time.sleep(0.005)


def test_killed_in_the_middle_it_keeps_what_was_graded(made: Container) -> None:
    """As the container's timeout or the kernel's killer ends it: without a word."""
    source = (EXAMPLES / "perfect.py").read_text()
    slow = f"{source}\nimport time\n_sign = sign\ndef sign(x):\n    time.sleep(0.15)\n    return _sign(x)\n"
    (made.root / "submission" / "hw3.py").write_text(slow)
    process = made.start()
    file = made.root / "results" / "results.json"
    seen: list[float] = []

    def rises() -> bool:
        score = made.results().score if file.exists() else None
        if score and score not in seen:
            seen.append(score)
        return len(seen) > 1

    until(process, rises)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    left = made.results()
    assert left.score == seen[-1]
    assert 0.0 < seen[0] < seen[-1] < 94.0
    assert "These are the points for what had been asked until then" in str(left.output)
    assert (left.extra_data or {})["counted"] is False


def test_killed_at_ten_moments_there_is_always_a_valid_file(made: Container) -> None:
    source = (EXAMPLES / "perfect.py").read_text()
    (made.root / "submission" / "hw3.py").write_text(source.replace("def sign", "import time\ndef sign", 1))
    began = time.monotonic()
    assert made.run()[0] == 0
    whole = time.monotonic() - began
    moments = random.Random(3)
    for number in range(MOMENTS):
        (made.root / "results" / "results.json").unlink()
        process = made.start()
        # The first moments of bash are before the first file; from then on there is one.
        until(process, (made.root / "results" / "results.json").exists)
        time.sleep(whole * (number + moments.random()) / MOMENTS)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert made.results().score is not None


def test_ended_by_sigterm(made: Container) -> None:
    (made.root / "submission" / "hw3.py").write_text("import time\ntime.sleep(60)\n")
    process = made.start()
    file = made.root / "results" / "results.json"
    until(process, lambda: file.exists() and "did not come to its end" in file.read_text())
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=30)[0]
    assert process.returncode == 143
    assert "run_autograder: ended with status 143" in said
    assert NOT_A_MARK in str(made.results().output)


def test_a_grader_that_is_killed_alone_is_told_of(made: Container) -> None:
    broken = made.root / "broken"
    broken.write_text("#!/bin/sh\nkill -9 $$\n")
    broken.chmod(0o755)
    status, said = made.run(GRADER_PYTHON=str(broken))
    assert status == 137
    assert "run_autograder: ended with status 137" in said
    assert NOT_A_MARK in str(made.results().output)


@pytest.mark.parametrize("place", ["a file", "a link to nowhere", "a loop", "a folder for the file", "a link"])
def test_whatever_is_in_the_results_place_there_are_results(made: Container, tmp_path: Path, place: str) -> None:
    results, elsewhere = made.root / "results", tmp_path / "elsewhere"
    if place == "a folder for the file":
        (results / "results.json" / "more").mkdir(parents=True)
    else:
        results.rmdir()
    if place == "a file":
        results.touch()
    elif place == "a link to nowhere":
        results.symlink_to(elsewhere)
    elif place == "a loop":
        results.symlink_to(results)
    elif place == "a link":
        elsewhere.mkdir()
        results.symlink_to(elsewhere)
    made.run(GRADER_PYTHON="/bin/false")
    assert NOT_A_MARK in str(made.results().output)


def test_without_an_exam_there_is_a_valid_file_too(made: Container) -> None:
    shutil.rmtree(made.root / "source" / "exam")
    status, said = made.run()
    assert status == 3
    assert "the exam cannot be read" in said
    assert "not your mark" in str(made.results().output)


def test_a_full_disk_leaves_the_first_file(made: Container) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root mounts a small disk")
    disk = made.root / "results"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        shutil.copy(EXAMPLES / "perfect.py", made.root / "submission" / "hw3.py")
        (disk / "filler").write_bytes(bytes(8192))
        status, said = made.run()
        assert status == 3
        assert "cannot be written" in said
        assert NOT_A_MARK in str(made.results().output)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def set_up(made: Container, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [made.root / "source" / "setup.sh"],
        env={"PATH": "/usr/bin:/bin", "AUTOGRADER": str(made.root), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_setup_fails_loudly_without_python(made: Container, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "dirname", "env"):
        (tools / name).symlink_to(str(shutil.which(name)))
    said = set_up(made, PATH=str(tools))
    assert said.returncode == 1
    assert "ERROR: there is no Python 3.10 or newer, and no apt-get" in said.stdout


def test_setup_fails_loudly_where_a_folder_is_missing(made: Container, tmp_path: Path) -> None:
    shutil.rmtree(made.root / "source" / "exam")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "python3").symlink_to(sys.executable)
    said = set_up(made, PATH=f"{tools}:/usr/bin:/bin")
    assert said.returncode == 1
    assert "ERROR: the zip was not unpacked as it is" in said.stdout


def test_setup_fails_loudly_where_nothing_can_be_installed(made: Container, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "python3").symlink_to(sys.executable)
    said = set_up(made, PATH=f"{tools}:/usr/bin:/bin", PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
    assert said.returncode != 0
    assert "taking what the ranges allow" in said.stdout
    assert "ERROR: the packages cannot be installed; pip says why above" in said.stdout
    assert "ready" not in said.stdout


def test_the_wheel_is_enough_for_another_python(made: Container, tmp_path: Path) -> None:
    """Installed as `setup.sh` does it, with the packages of here in the place of downloaded ones."""
    site = tmp_path / "site"
    (wheel,) = (made.root / "source").glob("*.whl")
    options = ["--quiet", "--no-index", "--no-deps", "--disable-pip-version-check", "--target", str(site)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(wheel)], check=True)
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import grader.cli.autograder as a; print(a.__file__)"
    )
    program += "; a.main()"
    command = [sys.executable, "-c", program, str(site), "--root", str(made.root)]
    shutil.copy(EXAMPLES / "perfect.py", made.root / "submission" / "hw3.py")
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith(str(site))
    assert made.results().score == 94.0
    assert json.loads((made.root / "results" / "results.json").read_text())["stdout_visibility"] == "hidden"
