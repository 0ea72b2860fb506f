"""`grader check` as a person types it: its exit statuses, what it prints where, and that nothing stays behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

GRADER = str(Path(sys.executable).parent / "grader")
LONG = 120


class Done(NamedTuple):
    status: int
    out: str
    err: str


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}}
    return {**kept, "COLUMNS": "100"}


def _check(folder: Path, *arguments: str) -> Done:
    done = subprocess.run(
        [GRADER, "check", *arguments],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_a_rubric_that_holds(small: Path) -> None:
    done = _check(small, "rubrics/small.yaml", "--jobs", "2", "--min-score", "50", "--out", "made/check.json")
    assert done.status == 0, done
    assert "This rubric holds." in done.out
    assert "steps done" in done.err
    assert "Traceback" not in done.err
    result = json.loads((small / "made" / "check.json").read_text(encoding="utf-8"))
    assert result["points"] == 5
    assert result["mutation"]["killed"] > 0


def test_json_is_alone_on_standard_output(small: Path) -> None:
    done = _check(small, "rubrics/small.yaml", "--json", "--min-score", "0")
    assert done.status == 0
    assert json.loads(done.out)["assignment"] == "small"


def test_the_same_rubric_gives_the_same_result(small: Path) -> None:
    first, second = (
        json.loads(_check(small, "rubrics/small.yaml", "--json", "--jobs", jobs).out) for jobs in ("1", "2")
    )
    for result in (first, second):
        del result["seconds"]
        for part in result["parts"]:
            del part["seconds"]
    assert first == second


def test_something_is_wrong(small: Path) -> None:
    rubric = small / "rubrics" / "small.yaml"
    text = rubric.read_text(encoding="utf-8").replace("[4.25]", "[0.0]").replace("[1.0, 2.0]", "[0.0, 0.0]")
    rubric.write_text(text, encoding="utf-8")
    done = _check(small, "rubrics/small.yaml")
    assert done.status == 1
    assert "wrong: the mutation score is" in done.out
    assert "wrong: a submission that returns its first argument earns in A" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rubrics/none.yaml"], "cannot be read"),
        (["rubrics/broken.yaml"], "broken.yaml:1"),
        (["rubrics/small.yaml", "--min-score", "101"], "Invalid value"),
        (["rubrics/small.yaml", "--jobs", "0"], "Invalid value"),
        ([], "Missing argument"),
    ],
)
def test_a_mistake_of_the_author_s(small: Path, arguments: list[str], said: str) -> None:
    (small / "rubrics" / "broken.yaml").write_text("assignment: x", encoding="utf-8")
    done = _check(small, *arguments)
    assert done.status == 2
    assert said in done.err
    assert done.out == ""


def test_marks_that_are_wrong_are_the_author_s_mistake(small: Path) -> None:
    (small / "rubrics" / "small.equivalent.yaml").write_text("equivalent: [{mutant: x}]", encoding="utf-8")
    done = _check(small, "rubrics/small.yaml")
    assert done.status == 2
    assert "small.equivalent.yaml:1: equivalent[0]" in done.err


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_check_leaves_no_process(small: Path, number: int, status: int) -> None:
    slow = "import time\n\ndef double(x):\n    time.sleep(0.5)\n    return 2 * x\n"
    slow += "\ndef total(x):\n    return float(x.sum())\n"
    (small / "reference.py").write_text(slow, encoding="utf-8")
    process = subprocess.Popen(
        [GRADER, "check", "rubrics/small.yaml", "--jobs", "2"],
        cwd=small,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert "steps done" in process.stderr.readline()
    _wait_for(lambda: len(_session(process.pid)) >= 3)
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    _, err = process.communicate(timeout=LONG)
    assert process.returncode == status
    assert "Traceback" not in err, err
    _wait_for(lambda: not _session(process.pid))


def _wait_for(condition: object) -> None:
    assert callable(condition)
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def _session(leader: int) -> list[int]:
    """Return the live processes of a session."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == leader and fields[0] not in "ZX":
                found.append(int(folder.name))
    return found
