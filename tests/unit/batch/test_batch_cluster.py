from __future__ import annotations

import importlib
import importlib.metadata
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.batch.engine import Finished, Task
from grader.errors import HostError, UserError
from grader.grade import Exam
from grader.sandbox import ProcessBox
from grader.submission import Origin, Person

pytest.importorskip("distributed")
cluster = importlib.import_module("grader.batch.cluster")
CANVAS = Origin("canvas", (Person("4711", "Jane Doe"),))


def clock() -> tuple[float, str]:
    return 0.0, "now"


@dataclass(eq=False)
class Future:
    """What comes of a parcel; an exception is raised."""

    parcel: Any
    comes: Any

    def result(self) -> Any:
        if isinstance(self.comes, Exception):
            raise self.comes
        return self.comes


@dataclass
class FakeClient:
    """A cluster of two that finishes one submission at a time."""

    comes: Callable[[str], Any] = lambda name: (f"report of {name}", "graded", "")
    found: dict[str, Any] = field(default_factory=lambda: {"tcp://a": cluster.versions()})
    fails: Sequence[str] = ()
    seen: list[Any] = field(default_factory=list)
    most: int = 0

    def __call__(self, address: str, **_: Any) -> FakeClient:
        if "connect" in self.fails:
            raise OSError("refused")
        self.seen.append(("connect", address))
        return self

    def run(self, _function: Any) -> dict[str, Any]:
        return self.found

    def register_plugin(self, room: Any) -> None:
        if "room" in self.fails:
            raise RuntimeError("no wall")
        self.seen.append(("room", room.is_here))

    def nthreads(self) -> dict[str, int]:
        if "nthreads" in self.fails:
            raise OSError("gone")
        return {"tcp://a": 1, "tcp://b": 1}

    def submit(self, _function: Any, parcel: Any, *, pure: bool) -> Future:
        assert not pure
        return Future(parcel, self.comes(parcel.id))

    def wait(self, futures: list[Future], **_: Any) -> Any:
        self.most = max(self.most, len(futures))
        if "wait" in self.fails:
            raise RuntimeError("cancelled")
        if "slow" in self.fails:
            self.fails = ()
            raise cluster.distributed.TimeoutError
        return SimpleNamespace(done=set(futures[:1]))

    def cancel(self, futures: list[Future]) -> None:
        self.seen.append(("cancel", len(futures)))

    def close(self, **_: Any) -> None:
        self.seen.append("close")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> FakeClient:
    made = FakeClient()
    monkeypatch.setattr(cluster.distributed, "Client", made)
    monkeypatch.setattr(cluster.distributed, "wait", made.wait)
    return made


@pytest.fixture
def room(exam: Exam) -> Any:
    return cluster.Room(exam.plan.dump(), exam.key.dump(), "auto", clock)


def give_up_in_words(task: Task, problem: str) -> Finished:
    return Finished(task, "{}", "host_fault", problem)


@pytest.fixture
def engine(client: FakeClient, room: Any) -> Any:
    return cluster.ClusterEngine("tcp://there:1", room, give_up_in_words)


class TestParcel:
    def test_a_file(self, small: Path, tmp_path: Path) -> None:
        task = Task("anna", small / "good.py", origin=CANVAS)
        there = cluster.Parcel.of(task, task.submission()).task(tmp_path)
        assert there == Task("anna", tmp_path / "good.py", origin=CANVAS)
        assert there.submission() == task.submission()

    def test_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "here" / "code").mkdir(parents=True)
        for name in ("code/main.py", "code/helper.py", "data.csv", ".hidden"):
            (tmp_path / "here" / name).write_text(name)
        task = Task("anna", tmp_path / "here", "code/main.py", CANVAS)
        (tmp_path / "there").mkdir()
        there = cluster.Parcel.of(task, task.submission()).task(tmp_path / "there")
        assert (there.submission().files, there.entry) == (task.submission().files, "code/main.py")
        assert not (tmp_path / "there" / ".hidden").exists()

    def test_what_is_refused_travels_as_that(self, tmp_path: Path) -> None:
        task = Task("anna", Path("/nowhere"), origin=CANVAS, refusal="a bomb")
        there = cluster.Parcel.of(task, task.submission()).task(tmp_path)
        assert there.submission() == task.submission()


class TestRoom:
    @pytest.fixture
    def worker(self, room: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
        """A worker process, which this one stays open for."""
        monkeypatch.setattr(cluster, "close_to_tracers", lambda: None)
        made = SimpleNamespace(address="tcp://a")
        monkeypatch.setattr(cluster.distributed, "get_worker", lambda: made)
        yield made
        room.teardown(made)

    def test_a_submission_is_graded_in_it(self, room: Any, worker: Any, small: Path) -> None:
        room.setup(worker)
        assert isinstance(worker.grading_room[0], ProcessBox)
        task = Task("anna", small / "good.py")
        report, status, problem = cluster.grade_parcel(cluster.Parcel.of(task, task.submission()))
        assert ('"score": 4.0' in report, status, problem) == (True, "graded", "")

    def test_ctrl_c_at_this_terminal_is_not_for_it(self, room: Any, worker: Any) -> None:
        before = signal.getsignal(signal.SIGINT)
        try:
            room.is_here = True
            room.setup(worker)
            assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
            room.teardown(worker)
            signal.signal(signal.SIGINT, before)
            thread = threading.Thread(target=room.setup, args=(worker,))
            thread.start()
            thread.join()
            assert signal.getsignal(signal.SIGINT) == before
        finally:
            signal.signal(signal.SIGINT, before)

    def test_other_versions_are_refused_and_then_nothing_is_graded(
        self, room: Any, worker: Any, monkeypatch: pytest.MonkeyPatch, small: Path
    ) -> None:
        monkeypatch.setattr(cluster, "versions", lambda: ("0", "0", "0"))
        with pytest.raises(HostError, match="it has grader, Python, numpy, scipy"):
            room.setup(worker)
        task = Task("anna", small / "good.py")
        with pytest.raises(HostError, match="tcp://a could not be set up"):
            cluster.grade_parcel(cluster.Parcel.of(task, task.submission()))


def test_what_submissions_may_import_is_part_of_the_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [SimpleNamespace(version="1.2.3")]
    monkeypatch.setattr(importlib.metadata, "distributions", lambda name: iter(found if name == "scipy" else ()))
    assert cluster.versions()[2:] == (np.__version__, "1.2.3")
    found.clear()
    assert cluster.versions()[3] == "none"


class TestConnection:
    @pytest.mark.parametrize("address", ["", "local:", "local:0", "local:x", "local:1000", "here", "host:8786"])
    @pytest.mark.usefixtures("client")
    def test_an_address_that_means_nothing(self, room: Any, address: str) -> None:
        with pytest.raises(UserError, match="give tcp://host:port, or local:N"):
            cluster.ClusterEngine(address, room, give_up_in_words)

    def test_tls_is_not_configured(self, room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.2)
        with pytest.raises(HostError, match=r"^--cluster tls://127\.0\.0\.1:9: it cannot be reached \(TLS"):
            cluster.ClusterEngine("tls://127.0.0.1:9", room, give_up_in_words)

    def test_it_cannot_be_reached(self, client: FakeClient, room: Any) -> None:
        client.fails = ["connect"]
        with pytest.raises(HostError, match=r"tcp://there:1: it cannot be reached \(refused\)"):
            cluster.ClusterEngine("tcp://there:1", room, give_up_in_words)

    def test_its_workers_cannot_be_set_up(self, client: FakeClient, room: Any) -> None:
        client.fails = ["room"]
        with pytest.raises(HostError, match="workers cannot be set up: no wall"):
            cluster.ClusterEngine("tcp://there:1", room, give_up_in_words)
        assert client.seen[-1] == "close"

    def test_a_worker_has_other_versions(self, client: FakeClient, room: Any) -> None:
        client.found["tcp://b"] = ("0.0", "3.0", "1.0")
        with pytest.raises(HostError, match=r"the worker at tcp://b has grader, Python, numpy, scipy \('0.0'"):
            cluster.ClusterEngine("tcp://there:1", room, give_up_in_words)
        assert client.seen[-1] == "close"

    def test_one_that_is_started_here(
        self, client: FakeClient, room: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        closed = []

        def start(**options: Any) -> Any:
            assert (options["n_workers"], options["threads_per_worker"]) == (3, 1)
            assert options["scheduler_kwargs"] == {"allowed_failures": 2, "dashboard_address": "127.0.0.1:0"}
            return SimpleNamespace(
                scheduler=SimpleNamespace(),
                scheduler_address="tcp://here:1",
                close=lambda **options: closed.append(options),
            )

        monkeypatch.setattr(cluster.distributed, "LocalCluster", start)
        engine = cluster.ClusterEngine("local:3", room, give_up_in_words)
        assert client.seen == [("connect", "tcp://here:1"), ("room", True)]
        assert engine._cluster.scheduler.WORKER_SATURATION == 1.0
        engine.close()
        assert len(closed) == 1

    def test_a_scheduler_that_is_gone_does_not_keep_it_open(self, engine: Any) -> None:
        engine._client = SimpleNamespace(status="running")
        engine.close()
        # Dask's own destructor waits for one that is not, and fails aloud.
        assert engine._client.status == "closed"


class TestRun:
    def test_each_comes_back_once_and_few_are_on_their_way(
        self, engine: Any, client: FakeClient, tasks: list[Task]
    ) -> None:
        many = [Task(f"{task.id}-{number}", task.path) for task in tasks for number in range(5)]
        found = [finished for finished in engine.run(many) if finished is not None]
        assert sorted(finished.task.id for finished in found) == sorted(task.id for task in many)
        assert {finished.report for finished in found} == {f"report of {task.id}" for task in many}
        assert client.most == 6
        assert engine.running() == []
        engine.close()
        assert client.seen[-2:] == [("cancel", 0), "close"]

    def test_nothing_has_happened_for_a_moment(self, engine: Any, client: FakeClient, tasks: list[Task]) -> None:
        client.fails = ["slow"]
        running = engine.run(tasks[:1])
        assert next(running) is None
        assert engine.running() == ["s0"]
        assert next(running).task.id == "s0"

    def test_what_takes_workers_down_is_set_aside(
        self, engine: Any, client: FakeClient, tasks: list[Task]
    ) -> None:
        client.comes = lambda name: (
            cluster.distributed.KilledWorker("key", SimpleNamespace(address="tcp://a"), 3)
            if name == "s1"
            else RuntimeError("bug")
            if name == "s2"
            else ("{}", "graded", "")
        )
        found = {finished.task.id: finished for finished in engine.run(tasks) if finished is not None}
        assert found["s1"].line == "s1: its grading process was ended again and again, on several workers"
        assert found["s2"].line == "s2: the worker failed: RuntimeError: bug"
        assert {found[name].status for name in ("s0", "s3")} == {"graded"}

    def test_what_cannot_be_read_is_refused_here(
        self, engine: Any, tasks: list[Task], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tasks[0].path.unlink()
        real = cluster.Parcel.of

        def gone(task: Task, submission: Any) -> Any:
            if task.id == "s1":
                raise FileNotFoundError(2, "No such file or directory")
            return real(task, submission)

        monkeypatch.setattr(cluster.Parcel, "of", gone)
        found = {finished.task.id: finished for finished in engine.run(tasks) if finished is not None}
        assert found["s0"].line == f"{tasks[0].path}: the submission cannot be read: No such file or directory"
        assert found["s1"].line == f"{tasks[1].path}: it cannot be read: No such file or directory"
        assert {found[name].status for name in ("s2", "s3")} == {"graded"}

    @pytest.mark.parametrize("fault", ["nthreads", "wait"])
    def test_a_scheduler_that_is_gone_ends_it(
        self, engine: Any, client: FakeClient, tasks: list[Task], fault: str
    ) -> None:
        client.fails = [fault]
        with pytest.raises(HostError, match="does not answer any more; what is graded is kept"):
            list(engine.run(tasks))


def test_without_dask_it_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['distributed'] = None\n"
        "from grader.errors import UserError\n"
        "try:\n    import grader.batch.cluster\n"
        "except UserError as error:\n    print(error)\n"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout == "grading on a cluster needs Dask: pip install distributed\n"
