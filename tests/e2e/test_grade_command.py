"""`grade` as a person types it: its exit statuses, what it prints where, and that nothing of it stays behind."""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

PROJECT = Path(__file__).parents[2]
GRADE = str(Path(sys.executable).parent / "grade")
LONG = 120
MEASURED = {"seconds", "graded_at"}
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


class Done(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def reports(self) -> list[dict[str, Any]]:
        content = json.loads(self.out)
        return content if isinstance(content, list) else [content]


def _environment(**more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}
    }
    return {**kept, "COLUMNS": "100", **more}


def _run(folder: Path, *arguments: str | Path, **options: Any) -> Done:
    environment = _environment(**options.pop("env", {}))
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    done = subprocess.run(
        [GRADE, *map(str, arguments)], cwd=folder, env=environment, timeout=LONG, check=False, **streams
    )
    return Done(done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode())


def _submission(folder: Path, name: str, source: str) -> Path:
    file = folder / name
    file.write_text(source, encoding="utf-8")
    return file


def _without_measures(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _without_measures(item) for key, item in content.items() if key not in MEASURED}
    return [_without_measures(item) for item in content] if isinstance(content, list) else content


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a shell")
@pytest.mark.parametrize(("files", "status"), [(30, 0), (9, 3)])
def test_few_descriptors_are_enough_or_the_message_says_what_to_do(small: Path, files: int, status: int) -> None:
    shell = ["/bin/sh", "-c", f'ulimit -n {files}; exec "$0" good.py', GRADE]
    done = subprocess.run(shell, cwd=small, capture_output=True, text=True, timeout=LONG, check=False)
    assert done.returncode == status, done.stderr
    if status:
        assert done.stderr.count("\n") == 1
        assert "this process may not open enough files; allow it 64 or more, as `ulimit -n 64` does" in done.stderr


def test_a_file_is_graded_and_its_report_is_on_disk(small: Path) -> None:
    done = _run(small, "good.py")
    assert (done.status, done.err) == (0, "")
    assert "A small homework · good" in done.out
    assert done.out.splitlines()[-1].rstrip() == "Report: reports/good.json"
    assert json.loads((small / "reports" / "good.json").read_text(encoding="utf-8"))["score"] == 4


def test_the_homework_of_the_project(tmp_path: Path) -> None:
    examples = PROJECT / "submissions_example"
    done = _run(
        PROJECT, examples / "perfect.py", examples / "half_finished.py", "--out", tmp_path, "--fail-under", "90"
    )
    assert (done.status, done.err) == (1, "")
    written = ["gradebook.csv", "half_finished.json", "perfect.json", "run.json"]
    assert sorted(file.name for file in tmp_path.iterdir()) == written
    assert len(json.loads((tmp_path / "perfect.json").read_text(encoding="utf-8"))["parts"]) == 35


class TestStatus:
    def test_below_the_share_that_is_asked_for(self, small: Path) -> None:
        _submission(small, "half.py", "def double(x): return 2 * x\nessay = 'So.'\n")
        assert _run(small, "half.py", "--fail-under", "51", "--json").status == 1
        assert _run(small, "half.py", "--fail-under", "50", "--json").status == 0

    def test_a_mistake_in_the_rubric_names_its_line(self, small: Path) -> None:
        rubric = small / "rubrics" / "small.yaml"
        rubric.write_text(
            rubric.read_text(encoding="utf-8").replace("points: 2", "points: two", 1), encoding="utf-8"
        )
        done = _run(small, "good.py")
        assert (done.status, done.out) == (2, "")
        assert re.match(r"grade: rubrics/small.yaml:12: questions\[0\]", done.err)
        assert "Traceback" not in done.err

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["good.py", "--only", "A,Z"], "there is no part Z"),
            (["good.py", "--rubric", "none.yaml"], "none.yaml"),
            (["good.py", "--out", "good.py"], "not a folder"),
            (["missing.py"], "missing.py: the submission cannot be read: No such file"),
        ],
    )
    def test_a_mistake_in_the_call_is_one_line(self, small: Path, arguments: list[str], told: str) -> None:
        done = _run(small, *arguments)
        assert (done.status, done.err.count("\n")) == (2, 1)
        assert told in done.err

    def test_a_folder_that_cannot_be_made_is_the_machines_fault(self, small: Path) -> None:
        done = _run(small, "good.py", "--out", "/proc/none")
        assert (done.status, done.err.count("\n")) == (3, 1)

    def test_so_is_a_working_directory_that_is_gone(self, small: Path) -> None:
        script = f'mkdir gone && cd gone && rmdir ../gone && exec "{GRADE}" {small / "good.py"}'
        done = subprocess.run(["/bin/sh", "-c", script], cwd=small, capture_output=True, timeout=LONG, check=False)
        assert (done.returncode, done.stderr.count(b"\n")) == (3, 1)


class TestOutput:
    def test_json_is_the_report_alone(self, small: Path) -> None:
        done = _run(small, "good.py", "--json")
        assert (done.status, done.err, done.out[0], done.out[-2:]) == (0, "", "{", "}\n")
        assert not (small / "reports").exists()

    def test_a_student_gets_nothing_of_the_staffs(self, small: Path) -> None:
        _submission(small, "wrong.py", "def double(x):\n    print('inside', x)\n    return x * 77\n")
        staff, student = (_run(small, "wrong.py", "--json", *more).out for more in ([], ["--student"]))
        assert "inside" in staff
        assert "269.5" in staff
        messages = str([case for part in json.loads(student)["parts"] for case in part["cases"]])
        assert not re.search(r"inside|269\.5|4\.25", messages)

    def test_only_some_parts(self, small: Path) -> None:
        assert [part["id"] for part in _run(small, "good.py", "--json", "--only", "B, A").reports[0]["parts"]] == [
            "A",
            "B",
        ]

    @pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}])
    def test_no_colour_in_a_pipe(self, small: Path, environment: dict[str, str]) -> None:
        assert "\x1b" not in _run(small, "good.py", env=environment).out

    @pytest.mark.parametrize("columns", [60, 30])
    def test_a_narrow_terminal_is_kept_to(self, small: Path, columns: int) -> None:
        _submission(small, "wrong.py", "def double(x): return x\n")
        done = _run(small, "wrong.py", env={"COLUMNS": str(columns)})
        lines = [line for line in done.out.splitlines() if not line.startswith("Report: ")]
        assert max(map(len, lines)) <= columns
        assert "Total 0 / 5" in done.out

    @pytest.mark.parametrize("columns", [0, 20])
    def test_what_went_wrong_is_said_where_there_is_no_room(self, small: Path, columns: int) -> None:
        _submission(small, "wrong.py", "def double(x): return x\n")
        assert "What went wrong" in _run(small, "wrong.py", env={"COLUMNS": str(columns)}).out

    def test_a_terminal_that_knows_ascii_alone(self, small: Path) -> None:
        done = _run(small, "good.py", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
        assert (done.status, done.err) == (0, "")
        assert done.out.isascii()

    def test_a_reader_who_has_had_enough(self, small: Path) -> None:
        with subprocess.Popen(
            [GRADE, *["good.py"] * 5],
            cwd=small,
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline()
            process.stdout.close()
            assert (process.stderr.read(), process.wait(LONG)) == (b"", 0)

    @pytest.mark.parametrize("option", ["--student", "--json"])
    def test_a_disk_that_is_full(self, small: Path, option: str) -> None:
        full = Path("/dev/full")
        if not full.exists():
            pytest.skip("there is no such device here")
        with full.open("w") as stream:
            done = _run(small, "good.py", option, stdout=stream)
        assert (done.status, done.err) == (3, "grade: there is no space left for what is printed\n")
        script = f'exec "{GRADE}" good.py {option} >/dev/full 2>&1'
        both = subprocess.run(["/bin/sh", "-c", script], cwd=small, env=_environment(), timeout=LONG, check=False)
        assert both.returncode == 3

    @pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&- 2>&-"])
    def test_streams_that_are_closed(self, small: Path, closed: str) -> None:
        script = f'exec "{GRADE}" good.py {closed}'
        done = subprocess.run(
            ["/bin/sh", "-c", script],
            cwd=small,
            env=_environment(),
            capture_output=True,
            timeout=LONG,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert json.loads((small / "reports" / "good.json").read_text(encoding="utf-8"))["score"] == 4


def test_two_runs_differ_in_measures_alone(small: Path) -> None:
    source = (
        "import threading\nclass Thing: pass\ndef double(x):\n    print(Thing(), id(x) and threading.Lock())\n"
        "    raise ValueError(Thing(), double)\ndef total(x):\n    return Thing()\nprint(object())\n1 / 0\n"
    )
    _submission(small, "things.py", source)
    first, second = (json.loads(_run(small, "things.py", "good.py", "--json").out) for _ in range(2))
    assert json.dumps(_without_measures(first)) == json.dumps(_without_measures(second))


class TestFiles:
    """Whatever the file is: graded, or refused in one clear line."""

    def test_odd_names(self, small: Path) -> None:
        names = [
            "with space.py",
            "quo'te\".py",
            "new\nline.py",
            "-dash.py",
            "$HOME.py",
            "[bold].py",
            "noending",
            "ü.py",
        ]
        names += [os.fsdecode(b"\xff.py")] if sys.platform == "linux" else []
        for name in names:
            (small / name).write_bytes((small / "good.py").read_bytes())
        done = _run(small, "--out", "odd", "--", *names)
        assert (done.status, done.err) == (0, "")
        assert done.out == "9 submissions: 9 graded\n".replace("9", str(len(names)))
        files = [file for file in (small / "odd").glob("*.json") if file.name != "run.json"]
        reports = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        assert {report["score"] for report in reports} == {4}
        assert {report["submission"]["files"][0]["name"] for report in reports} >= {
            "with space.py",
            "new\\nline.py",
        }
        assert all(file.name.isprintable() and file.name[0] not in "-." for file in (small / "odd").iterdir())
        assert len(reports) == len(names)

    def test_encodings(self, small: Path) -> None:
        source = (small / "good.py").read_text(encoding="utf-8") + "name = 'Müller'\n"
        contents = {
            "bom.py": source.encode("utf-8-sig"),
            "crlf.py": source.replace("\n", "\r\n").encode(),
            "cookie.py": ("# -*- coding: latin-1 -*-\n" + source).encode("latin-1"),
            "no_cookie.py": source.encode("latin-1"),
            "no_cookie_at_top.py": ("# Müller\n" + source).encode("latin-1"),
            "utf16.py": source.encode("utf-16"),
            "binary.py": bytes(range(256)) * 10,
            "pyc.py": b"\xa7\r\r\n" + bytes(12) + b"\xe3" + bytes(100),
            "large.py": b"#" * (10 << 20),
            "empty.py": b"",
        }
        for name, content in contents.items():
            (small / name).write_bytes(content)
        done = _run(small, "--json", *contents)
        assert (done.status, done.err) == (0, "")
        reports = {report["submission"]["id"]: report for report in done.reports}
        scores = {name: (report["status"], report["score"]) for name, report in reports.items()}
        graded, unreadable = ("graded", 4.0), ("unreadable", 0.0)
        assert scores == {
            **dict.fromkeys(("bom", "crlf", "cookie"), graded),
            **dict.fromkeys(("no_cookie", "no_cookie_at_top", "utf16", "binary", "pyc", "large"), unreadable),
            "empty": ("graded", 0.0),
        }
        assert "line 11 holds bytes that are not utf-8" in reports["no_cookie"]["messages"][0]
        assert "line 1 holds bytes that are not utf-8" in reports["no_cookie_at_top"]["messages"][0]
        assert all(
            "\n" not in report["messages"][0]
            for report in reports.values()
            if report["score"] == 0.0 and report["messages"]
        )

    def test_what_is_no_file_is_refused_in_a_line(self, small: Path) -> None:
        (small / "link.py").symlink_to("good.py")
        (small / "dangling.py").symlink_to("nowhere")
        os.mkfifo(small / "fifo.py")
        names = ["link.py", "dangling.py", "fifo.py", "/dev/zero", "missing\n.py", "good.py/x"]
        done = _run(small, *names, "good.py")
        lines = done.err.removeprefix("grade: ").splitlines()
        assert (done.status, len(lines)) == (2, len(names))
        assert all("the submission" in line for line in lines)
        assert "Traceback" not in done.err
        assert done.out == "7 submissions: 1 graded, 6 refused\n"

    def test_a_file_that_must_not_be_read(self, small: Path) -> None:
        file = _submission(small, "private.py", "x = 1\n")
        file.chmod(0)
        done = _run(small, "private.py", "good.py", preexec_fn=_obey_modes)
        assert done.status == 2
        assert "Total 4 / 4" in done.out
        assert done.err == "grade: private.py: the file cannot be read: Permission denied\n"


def _obey_modes() -> None:
    """Give up, as root on Linux, what lets root read every file."""
    if os.geteuid() == 0 and sys.platform == "linux":
        for capability in (1, 2):
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


def _table() -> dict[int, tuple[int, float]]:
    """Return each process's parent and the processor time that it has used."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
            except OSError:
                continue
            if fields[0] != b"Z":
                found[int(folder.name)] = int(fields[1]), int(fields[11]) / os.sysconf("SC_CLK_TCK")
    return found


def _descendants(root: int) -> dict[int, float]:
    table = _table()
    members = {root}
    while more := {pid for pid, (parent, _) in table.items() if parent in members} - members:
        members |= more
    return {pid: table[pid][1] for pid in members - {root} if pid in table}


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


SLEEPER = """
import os
def start():
    try:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv("/bin/sleep", ["{marker}", "600"])
            os._exit(0)
        os.wait()
        print("started")
    except OSError:
        print("refused")
"""


def _marked(marker: str) -> list[str]:
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            content = file.read_bytes()
        except OSError:
            continue
        if content.startswith(marker.encode()):
            found.append(file.parent.name)
    return found


@linux_only
class TestNothingStays:
    @pytest.mark.parametrize(
        ("number", "status", "said"),
        [(signal.SIGINT, 130, b"grade: interrupted\n"), (signal.SIGTERM, 143, b"grade: terminated\n")],
    )
    @pytest.mark.parametrize("place", ["call", "import"])
    def test_after_a_signal(
        self, small: Path, number: signal.Signals, status: int, said: bytes, place: str
    ) -> None:
        marker = f"sleeper-{os.getpid()}-{number}-{place}"
        loop = "start()\nwhile True: pass\n"
        source = SLEEPER.format(marker=marker) + (
            loop if place == "import" else "def double(x):\n    start()\n    while True: pass\n"
        )
        _submission(small, "loop.py", source)
        rubric = small / "rubrics" / "small.yaml"
        rubric.write_text(rubric.read_text(encoding="utf-8").replace("import_seconds: 1", "import_seconds: 60"))
        with subprocess.Popen(
            [GRADE, "loop.py", "--limit-seconds", "60"],
            cwd=small, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            _wait_until(lambda: any(used > 0.5 for used in _descendants(process.pid).values()))
            started = _descendants(process.pid)
            process.send_signal(number)
            out, err = process.communicate(timeout=LONG)
        assert (process.returncode, err, out) == (status, said, b"")
        _wait_until(lambda: not set(started) & set(_table()))
        assert _marked(marker) == []
        assert not list(small.glob("reports/*"))

    def test_after_a_double_fork(self, small: Path) -> None:
        marker = f"sleeper-{os.getpid()}"
        source = SLEEPER.format(marker=marker) + "def double(x):\n    start()\n    return 2 * x\nstart()\n"
        _submission(small, "sleeper.py", source)
        done = _run(small, "sleeper.py", "--json")
        assert done.reports[0]["score"] == 2
        assert re.search("started|refused", done.reports[0]["parts"][0]["cases"][0]["staff_message"])
        assert _marked(marker) == []


def test_a_submission_ends_within_its_limit(small: Path) -> None:
    rubric = small / "rubrics" / "small.yaml"
    text = rubric.read_text(encoding="utf-8").replace("submission_seconds: 20", "submission_seconds: 2")
    rubric.write_text(text.replace("{seconds: 1,", "{seconds: 0.8,"), encoding="utf-8")
    loops = "import time\ndef double(x):\n    while True: pass\ndef total(x):\n    time.sleep(600)\n"
    _submission(small, "loops.py", loops)
    report = _run(small, "loops.py", "--json").reports[0]
    assert report["score"] == 0
    assert report["seconds"] < 2 + 3
    messages = [case["message"] for part in report["parts"] for case in part["cases"]]
    assert "did not return within 0.8 s" in messages[0]
    assert any("had used up its 2 seconds" in message for message in messages)


class TestEdges:
    def test_a_reference_beside_numpy_stays_out_of_reach(self, small: Path, tmp_path: Path) -> None:
        site = tmp_path / "site"
        shutil.copytree(small, site / "course")
        for package in Path(np.__file__).parent.parent.glob("numpy*"):
            shutil.copytree(package, site / package.name)
        reference = site / "course" / "reference.py"
        _submission(small, "peek.py", f"raise RuntimeError(open({str(reference)!r}).read())\n")
        rubric = str(site / "course" / "rubrics" / "small.yaml")
        done = _run(small, "--json", "--rubric", rubric, "peek.py", env={"PYTHONPATH": str(site)})
        assert "PermissionError" in done.out

    def test_the_same_file_twice_is_graded_once(self, small: Path) -> None:
        done = _run(small, "good.py", "./good.py")
        assert done.out.count("Report:") == 1

    def test_no_part_is_no_part(self, small: Path) -> None:
        assert _run(small, "good.py", "--only", ",").status == 2

    def test_a_rubric_that_is_a_pipe_is_refused(self, small: Path) -> None:
        os.mkfifo(small / "pipe.yaml")
        done = _run(small, "good.py", "--rubric", "pipe.yaml")
        assert (done.status, "not a regular file" in done.err) == (2, True)

    def test_a_report_whose_place_is_a_folder_is_the_callers_mistake(self, small: Path) -> None:
        (small / "out" / "good.json").mkdir(parents=True)
        assert _run(small, "good.py", "--out", "out").status == 2
