"""The child that Windows gets, on Linux: its parts in this process, and all of it in one that pretends.

`windows_like.py` says what that proves and what it cannot prove.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from windows_like import Kernel

from grader.errors import HostError
from grader.sandbox import Delivered, Gone, Needs, Overdue, ProcessBox, threads, windows
from grader.sandbox import process as process_module
from grader.sandbox.job import Job
from grader.sandbox.pipes import WorkerEnds
from grader.sandbox.process_worker import ProcessWorker
from grader.worker import letters
from grader.worker.wall.layers import EVERY_LAYER

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="plays Windows on Linux")
LIKE = Path(__file__).with_name("windows_like.py")
LONG = 30.0
NEEDS = Needs(memory_mb=512, cpu_seconds=30)


def _start(command: Sequence[str], arguments: Sequence[str], its: WorkerEnds) -> subprocess.Popen[bytes]:
    """Start it with descriptors: those are this system's handles."""
    return subprocess.Popen(
        [*command, str(its.requests), str(its.answers), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=its.prints,
        stderr=its.prints,
        pass_fds=its[:2],
        env={"PYTHONHASHSEED": "0"},
        cwd="/",
    )


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    kernel = Kernel()
    monkeypatch.setattr(windows, "_start", _start)
    monkeypatch.setattr(windows, "Job", lambda: Job(kernel))
    monkeypatch.setattr(process_module, "executed", windows.WindowsChild)
    monkeypatch.setattr(process_module, "INSTEAD", windows.INSTEAD)
    return kernel


@pytest.fixture
def worker(kernel: Kernel) -> Iterator[ProcessWorker]:
    with (
        contextlib.closing(ProcessBox("off", channel=threads.connect, zygote=False)) as box,
        contextlib.closing(box.start(NEEDS)) as worker,
    ):
        yield worker


def _loaded(worker: ProcessWorker, source: str) -> ProcessWorker:
    reply = worker.ask((letters.LOAD, {"a.py": source.encode()}, "a.py", letters.WHOLE_FILE), LONG)
    assert isinstance(reply, Delivered)
    return worker


class TestParts:
    def test_the_process_is_held_and_bounded_before_it_has_a_submission(
        self, kernel: Kernel, worker: ProcessWorker
    ) -> None:
        assert [*kernel.jobs.values()] == [[worker.pid]]
        assert [*kernel.flags.values()] == [0x8 | 0x400 | 0x2000 | 0x100 | 0x2]
        reply = _loaded(worker, "def f(x):\n    print('hello')\n    return 2 * x\n").ask(
            (letters.CALL, 1, "f", [21], []), LONG
        )
        assert isinstance(reply, Delivered)
        assert (reply.letter, reply.printed) == ((letters.RETURNED, 1, 42, []), "hello\n")
        worker.close()
        assert kernel.open == set()

    def test_who_is_late_is_ended(self, kernel: Kernel, worker: ProcessWorker) -> None:
        _loaded(worker, "def f():\n    while True: pass\n")
        assert isinstance(worker.ask((letters.CALL, 1, "f", [], []), 0.3), Overdue)
        assert not Path(f"/proc/{worker.pid}").exists()
        assert kernel.open == set()

    @pytest.mark.parametrize(
        ("left", "status"),
        [(5, 5), (0xC0000005, -signal.SIGSEGV), (0xC0000409, -signal.SIGABRT), (0xC0000017, 0xC0000017)],
    )
    def test_an_end_has_a_status_in_the_words_of_other_systems(
        self, worker: ProcessWorker, monkeypatch: pytest.MonkeyPatch, left: int, status: int
    ) -> None:
        _loaded(worker, "import os\ndef f(): os._exit(1)\n")
        wait = worker._child._process.wait
        monkeypatch.setattr(worker._child._process, "wait", lambda *items: wait(*items) and left)
        reply = worker.ask((letters.CALL, 1, "f", [], []), LONG)
        assert isinstance(reply, Gone)
        assert reply.status == status

    def test_one_that_has_not_ended_has_none(self, worker: ProcessWorker) -> None:
        assert worker._child.wait(0.01) is None
        assert not worker._child.is_lost()

    def test_memory_is_what_the_job_says(self, worker: ProcessWorker, monkeypatch: pytest.MonkeyPatch) -> None:
        _loaded(worker, "x = 1")
        assert not worker.near_memory_limit()
        monkeypatch.setattr(Job, "peak_memory", lambda _: 500 << 20)
        assert worker.near_memory_limit()

    @pytest.mark.parametrize("failing", ["AssignProcessToJobObject", "CreateJobObjectW"])
    def test_what_cannot_be_held_is_not_left(self, kernel: Kernel, failing: str) -> None:
        setattr(kernel, failing, lambda *_: 0)
        before = len([*Path("/dev/fd").iterdir()])
        with (
            contextlib.closing(ProcessBox(channel=threads.connect, zygote=False)) as box,
            pytest.raises(HostError, match=r"cannot start .* a job object \(error 0\)"),
        ):
            box.start(NEEDS)
        assert kernel.open == set()
        assert len([*Path("/dev/fd").iterdir()]) == before

    def test_limits_that_are_refused_are_the_hosts_fault(self, kernel: Kernel) -> None:
        with contextlib.closing(ProcessBox(channel=threads.connect, zygote=False)) as box:
            box.warm_up()
            kernel.SetInformationJobObject = lambda *_: 0  # type: ignore[method-assign]
            with pytest.raises(
                HostError, match="cannot get a worker ready: cannot set the limits of a job object"
            ):
                box.start(NEEDS)
            assert not box._uids

    @pytest.mark.usefixtures("kernel")
    def test_a_layer_says_what_is_done_in_its_place(self) -> None:
        with contextlib.closing(ProcessBox("off", channel=threads.connect, zygote=False)) as box:
            with contextlib.closing(box.start(NEEDS)) as worker:
                _loaded(worker, "x = 1")
            replaced = {layer.name: layer.detail for layer in box.layers() if layer.replaced}
        assert set(replaced) == set(windows.INSTEAD) <= EVERY_LAYER
        assert replaced["limits"].startswith("switched off; instead, a job object bounds")

    def test_elsewhere_no_handles_are_passed_on(self) -> None:
        with pytest.raises(OSError, match="only Windows"):
            windows._start([], [], WorkerEnds(0, 1, 2))


class TestPretending:
    """Commands in a process that looks like Windows, with workers that do."""

    @pytest.fixture
    def run(self, small: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
        # Its scratch folders have no lock: a grader beside it that does not pretend would sweep them away.
        scratch = tmp_path / "scratch"
        scratch.mkdir()

        def run(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
            script = small / f"{command}_command.py"
            script.write_text(f"from grader.cli.{command} import main\nmain()\n", encoding="utf-8")
            return subprocess.run(
                [sys.executable, str(LIKE), str(script), *arguments],
                cwd=small,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
                env={
                    **os.environ,
                    "COLUMNS": "160",
                    "PYTHONPATH": str(Path(process_module.__file__).parents[2]),
                    "TMPDIR": str(scratch),
                },
            )

        return run

    def test_a_submission_is_graded_with_a_warning(
        self, run: Callable[..., subprocess.CompletedProcess[str]], small: Path
    ) -> None:
        done = run("grade", "good.py")
        assert (done.returncode, "Total 4 / 4" in done.stdout) == (0, True), done.stderr
        assert "warning: a submission can do this here: read a file, " in done.stderr
        report = json.loads((small / "reports/good.json").read_text(encoding="utf-8"))
        assert set(report["isolation"]) == EVERY_LAYER
        assert all(text.startswith("not in force: Windows has no") for text in report["isolation"].values())
        assert "instead, a job object ends the worker" in report["isolation"]["parent"]

    def test_an_endless_loop_costs_its_own_call(
        self, run: Callable[..., subprocess.CompletedProcess[str]], small: Path
    ) -> None:
        source = (small / "good.py").read_text(encoding="utf-8")
        (small / "loops.py").write_text(f"{source}\ndef total(x):\n    while True: pass\n", encoding="utf-8")
        done = run("grade", "loops.py", "--limit-seconds", "0.3")
        assert (done.returncode, "Total 2 / 4" in done.stdout) == (0, True), done.stderr

    def test_strict_refuses(self, run: Callable[..., subprocess.CompletedProcess[str]], small: Path) -> None:
        done = run("grade", "good.py", "--isolation", "strict")
        assert (done.returncode, done.stdout) == (3, "")
        assert "--isolation strict: there is no wall for files, processes, network (" in done.stderr
        assert "landlock: Windows has no Landlock" in done.stderr
        assert not (small / "reports").exists()

    def test_the_doctor_says_what_stands(self, run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
        done = run("grader", "doctor")
        assert done.returncode == 0, done.stderr
        lines = {line.split()[0]: " ".join(line.split()) for line in done.stdout.splitlines() if line.strip()}
        assert lines["seccomp"].startswith("seccomp yes no Windows has no filter for system calls. Open: sockets")
        assert lines["parent"].endswith("instead, a job object ends the worker when the grader ends")
        assert "read a file NO" in " ".join(done.stdout.split())
