from __future__ import annotations

import contextlib
import errno
import mmap
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, cast

import numpy as np
import pytest

from grader import outcome as oc
from grader.errors import HostError
from grader.evidence import call_result
from grader.sandbox import (
    Delivered,
    Gone,
    Isolation,
    Layer,
    Needs,
    Noise,
    Overdue,
    ProcessBox,
    Reply,
    polling,
    process,
    process_worker,
    threads,
    uids,
)
from grader.sandbox.pipes import Connect
from grader.sandbox.process_worker import ProcessWorker
from grader.wire import Value
from grader.worker import letters
from grader.worker.wall import macos
from grader.worker.wall.layers import EVERY_LAYER, OPEN_WITHOUT, LayerName

LONG = 30.0
NEEDS = Needs(memory_mb=512, cpu_seconds=30)
LOAD = (letters.LOAD, {"homework.py": b""}, "homework.py", letters.WHOLE_FILE)
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


class Kind(NamedTuple):
    """What carries the letters, and whether workers are forked: a box behaves the same whatever it is made of."""

    channel: Connect
    zygote: bool

    def box(self, isolation: Isolation = "auto", **more: Any) -> ProcessBox:
        return ProcessBox(isolation, channel=self.channel, zygote=self.zygote, **more)


# Pipes are waited at by threads on Windows alone, where nothing is forked.
KINDS = {
    "polling-forked": Kind(polling.connect, zygote=True),
    "polling-executed": Kind(polling.connect, zygote=False),
    "threads-executed": Kind(threads.connect, zygote=False),
}
if sys.platform != "linux":
    del KINDS["polling-forked"]
EXECUTED = [name for name, kind in KINDS.items() if not kind.zygote]
executed_only = pytest.mark.parametrize("kind", [KINDS[name] for name in EXECUTED], ids=EXECUTED)


@pytest.fixture(scope="module", params=KINDS.values(), ids=[*KINDS])
def kind(request: pytest.FixtureRequest) -> Kind:
    return cast("Kind", request.param)


@pytest.fixture
def box(kind: Kind) -> Iterator[ProcessBox]:
    with contextlib.closing(kind.box()) as box:
        yield box


@pytest.fixture(scope="module")
def shared(kind: Kind) -> Iterator[ProcessBox]:
    """One for all tests that look at workers alone, as a batch has one for all submissions."""
    with contextlib.closing(kind.box()) as box:
        yield box


@pytest.fixture
def worker(shared: ProcessBox) -> Iterator[ProcessWorker]:
    with contextlib.closing(shared.start(NEEDS)) as worker:
        yield worker


@pytest.fixture(scope="module")
def shared_unwalled(kind: Kind) -> Iterator[ProcessBox]:
    with contextlib.closing(kind.box("off")) as box:
        yield box


@pytest.fixture
def unwalled(shared_unwalled: ProcessBox) -> Iterator[ProcessWorker]:
    """Start a worker that may do what the wall forbids: what the parent does about it is looked at here."""
    with contextlib.closing(shared_unwalled.start(NEEDS)) as worker:
        yield worker


def _starting(box: ProcessBox, command: list[str]) -> ProcessBox:
    """Return the box, which now starts something else."""
    box._command[:] = command
    return box


def _within(seconds: float, fact: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.01)
    return fact()


def _loaded(worker: ProcessWorker, source: str) -> ProcessWorker:
    files = {"homework.py": source.encode()}
    reply = worker.ask((letters.LOAD, files, "homework.py", letters.WHOLE_FILE), LONG)
    assert isinstance(reply, Delivered)
    assert reply.letter[0] == letters.LOADED
    return worker


def _call(worker: ProcessWorker, *args: Value, seconds: float = LONG) -> Reply:
    return worker.ask((letters.CALL, 1, "f", list(args), []), seconds)


def _value(reply: Reply) -> Any:
    assert isinstance(reply, Delivered), reply
    assert reply.letter[0] == letters.RETURNED, reply.letter
    return reply.letter[2]


def test_a_call_comes_back_with_what_it_printed(worker: ProcessWorker) -> None:
    _loaded(worker, "import sys\ndef f(x):\n    print('hello')\n    sys.stderr.write('there')\n    return 2 * x\n")
    reply = _call(worker, np.arange(3))
    assert _value(reply).tolist() == [0, 2, 4]
    assert reply.printed == "hello\nthere"
    assert 0 < reply.seconds < LONG
    assert _call(worker, 1).printed == "hello\nthere"


def test_what_a_call_prints_is_never_the_next_ones(worker: ProcessWorker) -> None:
    _loaded(worker, "import sys\ndef f(x):\n    print(x)\n    sys.stderr.write('x' * (x % 7))\n    return x\n")
    for number in range(500):
        reply = _call(worker, number)
        assert (_value(reply), reply.printed) == (number, f"{number}\n{'x' * (number % 7)}")


class TestEndings:
    def test_a_call_that_does_not_end(self, worker: ProcessWorker) -> None:
        reply = _call(
            _loaded(worker, "def f():\n    print('...', flush=True)\n    while True: pass\n"), seconds=0.5
        )
        assert isinstance(reply, Overdue)
        assert reply.printed == "...\n"

    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("import os; os._exit(5)", 5),
            ("import os; os.kill(os.getpid(), 11)", -11),
            ("import os; os.abort()", -6),
        ],
    )
    def test_a_process_that_ends(self, worker: ProcessWorker, code: str, status: int) -> None:
        reply = _call(_loaded(worker, f"def f():\n    print('bye', flush=True)\n    {code}\n"))
        assert isinstance(reply, Gone)
        assert (reply.status, reply.printed) == (status, "bye\n")

    def test_one_that_stops_itself(self, worker: ProcessWorker) -> None:
        code = "def f():\n    import os, signal\n    os.kill(os.getpid(), signal.SIGSTOP)\n"
        assert isinstance(_call(_loaded(worker, code), seconds=0.5), Overdue)

    def test_one_that_ignores_every_signal(self, worker: ProcessWorker) -> None:
        code = (
            "import signal\nfor number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n"
            "    signal.signal(number, signal.SIG_IGN)\ndef f():\n    while True: pass\n"
        )
        assert isinstance(_call(_loaded(worker, code), seconds=0.5), Overdue)

    def test_more_memory_than_allowed(self, worker: ProcessWorker) -> None:
        reply = _call(_loaded(worker, "def f(): return bytes(10**9)\n"))
        assert isinstance(reply, Delivered)
        assert reply.letter == (letters.MEMORY, 1)

    @linux_only
    def test_one_that_has_left_a_child_with_the_door(self, unwalled: ProcessWorker) -> None:
        code = "import os, time\ndef f():\n    if os.fork(): os._exit(4)\n    time.sleep(600)\n"
        reply = _call(_loaded(unwalled, code))
        assert isinstance(reply, Gone)
        assert reply.status == 4


class TestNoise:
    def test_a_door_that_is_closed(self, worker: ProcessWorker) -> None:
        code = "import os, time\ndef f():\n    os.closerange(0, 200)\n    time.sleep(600)\n"
        assert isinstance(_call(_loaded(worker, code)), Noise)

    @pytest.mark.parametrize(
        "junk", [b"\xff" * 8, b"\1\0\0\0?", b"\1\0\0\0NN"], ids=["length", "value", "too much"]
    )
    def test_junk_on_every_descriptor(self, worker: ProcessWorker, junk: bytes) -> None:
        code = (
            "import os, time\ndef f():\n    for descriptor in range(3, 64):\n"
            f"        try: os.write(descriptor, {junk!r})\n        except OSError: pass\n    time.sleep(600)\n"
        )
        assert isinstance(_call(_loaded(worker, code)), Noise)


class TestCleanliness:
    """What a submission finds in its process, and what it does not."""

    def test_no_environment_and_no_arguments(self, box: ProcessBox, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SECRET", "42")
        code = "import os, sys\ndef f(): return [sorted(os.environ), sys.argv, os.getcwd(), sys.stdin.read()]\n"
        with contextlib.closing(box.start(NEEDS)) as worker:
            environment, *rest = _value(_call(_loaded(worker, code)))
        assert environment == [
            "MKL_NUM_THREADS",
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "VECLIB_MAXIMUM_THREADS",
        ]
        assert rest == [["submission"], "/", ""]

    @linux_only
    @pytest.mark.parametrize("isolation", ["auto", "off"])
    def test_no_descriptor_but_its_own(self, kind: Kind, isolation: Isolation, tmp_path: Path) -> None:
        secret = tmp_path / "key"
        secret.write_text("42")
        code = (
            "import os, stat\ndef f():\n    found = []\n    for number in range(1024):\n"
            "        try: found.append((number, stat.filemode(os.fstat(number).st_mode)[0]))\n"
            "        except OSError: pass\n    return found\n"
        )
        with (
            contextlib.closing(kind.box(isolation)) as box,
            secret.open() as held,
            contextlib.closing(box.start(NEEDS)) as other,
        ):
            os.set_inheritable(held.fileno(), True)
            _loaded(other, "x = 1")
            with contextlib.closing(box.start(NEEDS)) as worker:
                found = _value(_call(_loaded(worker, code)))
        assert found == [(0, "c"), (1, "p"), (2, "p"), (3, "p"), (4, "p")]

    def test_none_of_ours(self, worker: ProcessWorker) -> None:
        code = (
            "import sys\ntry:\n    import grader\nexcept ImportError:\n    grader = None\n"
            "def f(): return [grader, [n for n, m in sys.modules.items() if 'grader' in n and m], sys.path]\n"
        )
        package, modules, path = _value(_call(_loaded(worker, code)))
        assert (package, modules) == (None, [])
        assert not any((Path(folder) / "grader").exists() for folder in path if "site-packages" not in folder)

    def test_a_session_of_its_own(self, worker: ProcessWorker) -> None:
        reply = _call(_loaded(worker, "import os\ndef f(): return os.getsid(0) == os.getpid()\n"))
        assert _value(reply) is True

    def test_exit_is_there_as_students_expect(self, worker: ProcessWorker) -> None:
        reply = _call(_loaded(worker, "def f(): quit(3)\n"))
        assert isinstance(reply, Delivered)
        assert reply.letter[:4] == (letters.RAISED, 1, "SystemExit", "3")


@linux_only
def test_close_ends_every_descendant(unwalled: ProcessWorker) -> None:
    code = (
        "import os, time\ndef f():\n    read, write = os.pipe()\n"
        "    if os.fork() == 0:\n        os.setsid()\n"
        "        if os.fork() == 0:\n"
        "            os.write(write, b'%d' % os.getpid())\n            time.sleep(600)\n"
        "        os._exit(0)\n    os.wait()\n    return int(os.read(read, 100))\n"
    )
    pid = _value(_call(_loaded(unwalled, code)))
    assert Path(f"/proc/{pid}").exists()
    unwalled.close()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{pid}").exists()
    unwalled.close()


class TestStart:
    @executed_only
    def test_workers_are_warmed_up_once_and_used_once(self, box: ProcessBox) -> None:
        box.warm_up(2)
        first, second = box._spares
        box.warm_up(2)
        assert box._spares == [first, second]
        started = [box.start(NEEDS) for _ in range(3)]
        assert started[:2] == [first, second]
        assert started[2] not in {first, second}
        assert box._spares == []
        for worker in started:
            worker.close()

    @executed_only
    def test_one_that_nobody_used_is_ended(self, box: ProcessBox) -> None:
        box.warm_up()
        assert len(box._uids) == 1
        box.close()
        assert not box._uids

    def test_an_interpreter_that_is_not_there_is_the_hosts_fault(self, box: ProcessBox) -> None:
        before = len([*Path("/dev/fd").iterdir()])
        box = _starting(box, ["/nowhere/python"])
        for start in (lambda: box.start(NEEDS), box.warm_up):
            with pytest.raises(HostError, match=r"cannot start .*/nowhere/python"):
                start()
        assert len([*Path("/dev/fd").iterdir()]) == before
        assert not box._uids

    @pytest.mark.parametrize(
        ("script", "told"),
        [("echo no numpy; exit 1", "does not start as it should: no numpy"), ("exit 3", "does not start")],
    )
    def test_one_that_does_not_get_ready_is_too(self, box: ProcessBox, script: str, told: str) -> None:
        before = len([*Path("/dev/fd").iterdir()])
        with pytest.raises(HostError, match=told):
            _starting(box, ["/bin/sh", "-c", script]).start(NEEDS).ask(LOAD, LONG)
        assert not box._uids
        assert _within(LONG, lambda: len([*Path("/dev/fd").iterdir()]) == before)

    @pytest.mark.parametrize("what", ["Scratch", "FolderCopy"])
    def test_so_is_a_folder_that_cannot_be_made(
        self, box: ProcessBox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
    ) -> None:
        def refuse(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(process_worker, what, refuse)
        monkeypatch.setattr(process, "take_uid", os.getegid)
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        with pytest.raises(HostError, match=r"cannot get a worker ready: .* No space left"):
            box.start(Needs(512, 30, tmp_path, scratch_mb=1))
        assert not box._uids

    def test_too_few_descriptors_are_told_with_what_to_do(
        self, box: ProcessBox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse() -> None:
            raise OSError(errno.EMFILE, "Too many open files")

        monkeypatch.setattr(os, "pipe", refuse)
        with pytest.raises(HostError, match=r"^cannot start .*: this process may not open enough files; .*ulimit"):
            box.start(NEEDS)

    def test_on_a_mac_its_sandbox_comes_first(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        tool = tmp_path / "sandbox-exec"
        tool.touch()
        monkeypatch.setattr(macos, "TOOL", str(tool))
        monkeypatch.setattr(sys, "platform", "darwin")
        command = ProcessBox(protected=[tmp_path])._command
        assert command[:2] == [str(tool), "-p"]
        assert "(deny default)" in command[2]
        assert command[3] == sys.executable
        for off in (ProcessBox("off"), ProcessBox(without=EVERY_LAYER)):
            assert off._command == command[3:]
        tool.unlink()
        assert ProcessBox()._command == command[3:]


class TestWall:
    """How it stands decides whether anything is sent to a worker."""

    READY: ClassVar[tuple[Any, ...]] = (
        letters.READY,
        [("landlock", True, "ABI 6"), ("seccomp", False, "none here")],
        [],
        {"readable": []},
    )

    def test_what_stands_is_known_once_a_worker_is_ready(self, box: ProcessBox) -> None:
        assert box.layers() == ()
        with contextlib.closing(box.start(NEEDS)) as worker:
            worker.ask(LOAD, LONG)
        assert [layer.name for layer in box.layers()] == list(OPEN_WITHOUT)
        assert {layer.name for layer in box.layers() if layer.in_force} >= {"session", "descriptors"}
        assert all(layer.detail for layer in box.layers())

    def test_a_later_worker_is_told_what_the_first_has_found_out(self, box: ProcessBox) -> None:
        stood = []
        for _ in range(2):
            with contextlib.closing(box.start(NEEDS)) as worker:
                _loaded(worker, "x = 1")
            stood.append({layer.name: layer.in_force for layer in box.layers()})
        assert stood[0] == stood[1]
        assert box._known is not None

    def test_what_it_is_told_may_be_longer_than_a_pipe(self, box: ProcessBox) -> None:
        with contextlib.closing(box.start(NEEDS)) as worker:
            _loaded(worker, "x = 1")
        box.close()  # a zygote is told once
        known: Any = box._known
        known["readable"] += [f"/nowhere/{'x' * 100}/{number}" for number in range(2000)]
        with contextlib.closing(box.start(NEEDS)) as worker:
            assert _value(_call(_loaded(worker, "def f(x): return 2 * x\n"), 4)) == 8

    def test_the_letter_is_taken_apart(self, box: ProcessBox) -> None:
        box.check(self.READY)
        assert box.layers() == (
            Layer("landlock", in_force=True, detail="ABI 6"),
            Layer("seccomp", in_force=False, detail="none here"),
        )
        assert box._known == {"readable": []}

    @pytest.mark.parametrize("isolation", ["auto", "off"])
    def test_only_strict_asks_for_more(self, isolation: Isolation) -> None:
        ProcessBox(isolation).check((*self.READY[:2], ["files"], {}))
        strict = ProcessBox("strict")
        strict.check(self.READY)
        with pytest.raises(HostError, match=r"strict: there is no wall for files, /key \(seccomp: none here\)"):
            strict.check((*self.READY[:2], ["files", "/key"], {}))

    def test_one_that_is_broken_is_the_hosts_fault(self, box: ProcessBox) -> None:
        with pytest.raises(HostError, match=r"does not stand: landlock: no room"):
            box.check((letters.BROKEN, "landlock: no room"))

    @pytest.mark.parametrize(
        "letter", [None, "ready", (letters.READY,), (letters.READY, [], []), (letters.LOADED, [], {})], ids=str
    )
    def test_so_is_anything_else(self, box: ProcessBox, letter: Value) -> None:
        with pytest.raises(HostError, match="does not start as it should"):
            box.check(letter)

    @linux_only
    def test_strict_refuses_to_run_without_the_layers_that_carry_it(self, kind: Kind) -> None:
        with contextlib.closing(kind.box("strict", without={"landlock", "seccomp", "namespaces"})) as box:
            worker = box.start(NEEDS)
            with pytest.raises(HostError) as caught:
                worker.ask(LOAD, LONG)
            assert not box._uids
        told = str(caught.value)
        assert "--isolation strict: there is no wall for files, processes, network" in told
        assert "landlock: switched off" in told
        assert "seccomp: switched off" in told

    @linux_only
    def test_a_network_of_its_own_is_wall_enough_for_that_one(self, kind: Kind) -> None:
        with contextlib.closing(kind.box("strict", without={"landlock", "seccomp"})) as box:
            worker = box.start(NEEDS)
            with pytest.raises(HostError, match="no wall for files, processes") as caught:
                worker.ask(LOAD, LONG)
        standing = {layer.name for layer in box.layers() if layer.in_force}
        assert ("network" in str(caught.value).partition("(")[0]) == ("namespaces" not in standing)

    @linux_only
    def test_a_broken_one_in_a_worker_ends_it_before_it_has_a_submission(self, shared: ProcessBox) -> None:
        worker = shared.start(Needs(512, 30, scratch_mb=1))
        assert worker._scratch is not None
        worker._scratch.remove()
        with pytest.raises(HostError, match=r"the wall around the sandbox does not stand: .*grader-scratch-"):
            worker.ask(LOAD, LONG)
        assert not shared._uids

    def test_what_is_protected_may_have_any_name(self, kind: Kind, tmp_path: Path) -> None:
        odd = tmp_path / os.fsdecode(b"k\xffey") if sys.platform == "linux" else tmp_path / "key"
        odd.mkdir()
        (odd / "homework.py").write_text("x = 1\n")
        with (
            contextlib.closing(kind.box(protected=[odd])) as box,
            contextlib.closing(box.start(Needs(512, 30, odd, files=("homework.py",)))) as worker,
        ):
            assert _value(_call(_loaded(worker, "def f(): return open('homework.py').read()\n"))) == "x = 1\n"


class TestUsers:
    """As root, each worker becomes a user of its own."""

    @executed_only
    def test_live_workers_have_a_user_each(self, box: ProcessBox, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setattr(uids, "_NAME", f"\0grader-test-{os.getpid()}-")
        box.warm_up(3)
        given = list(box._uids.values())
        assert len(set(given)) == 3
        assert all(uid is not None and 61_184 <= uid < 65_184 for uid in given)
        box._spares.pop(1).close()
        assert list(box._uids.values()) == [given[0], given[2]]
        box.warm_up(3)
        assert box._uids[box._spares[-1].pid] == given[1]

    @pytest.mark.parametrize(("isolation", "without"), [("off", ()), ("auto", ("uid",))])
    def test_where_that_is_not_wanted_they_have_ours(
        self, kind: Kind, isolation: Isolation, without: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        with (
            contextlib.closing(kind.box(isolation, without=without)) as box,
            contextlib.closing(box.start(NEEDS)),
        ):
            assert [*box._uids.values()] == [None]

    def test_an_ordinary_user_has_no_other(self, box: ProcessBox, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        with contextlib.closing(box.start(NEEDS)):
            assert [*box._uids.values()] == [None]

    def test_boxes_of_one_process_share_none(self, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        with contextlib.ExitStack() as stack:
            boxes = [stack.enter_context(contextlib.closing(kind.box())) for _ in range(2)]
            workers = [stack.enter_context(contextlib.closing(box.start(NEEDS))) for box in boxes * 2]
            given = [uid for box in boxes for uid in box._uids.values()]
            assert len(set(given)) == len(workers)
        assert not uids._taken.keys() & set(given)

    @linux_only
    def test_by_effect(self, shared: ProcessBox) -> None:
        workers = [shared.start(NEEDS) for _ in range(2)]
        found = []
        for worker in workers:
            found.append(_value(_call(_loaded(worker, "import os\ndef f(): return os.getuid(), os.getgid()\n"))))
            status = Path(f"/proc/{worker.pid}/status").read_text()
            assert f"Uid:\t{found[-1][0]}\t" in status
        standing = {layer.name for layer in shared.layers() if layer.in_force}
        for worker in workers:
            worker.close()
        if "uid" in standing:
            assert len(set(found)) == 2
            assert all(uid == gid >= 61_184 for uid, gid in found)
        else:
            assert {uid for uid, _ in found} == {os.getuid()}


class TestFolders:
    def test_a_file_of_the_submissions_can_be_read_and_not_changed(
        self, shared: ProcessBox, tmp_path: Path
    ) -> None:
        (tmp_path / "data.csv").write_text("1.5")
        tmp_path.chmod(0o700)
        code = (
            "def f():\n    try: open('data.csv', 'w')\n"
            "    except OSError as error: return open('data.csv').read(), type(error).__name__\n"
        )
        needs = Needs(512, 30, tmp_path, files=("data.csv",))
        with contextlib.closing(shared.start(needs)) as worker:
            assert _value(_call(_loaded(worker, code))) == ("1.5", "PermissionError")
        assert (tmp_path / "data.csv").read_text() == "1.5"

    def test_a_copy_of_them_does_not_stay(self, shared: ProcessBox, tmp_path: Path) -> None:
        (tmp_path / "data.csv").write_text("1.5")
        worker = shared.start(Needs(512, 30, tmp_path, files=("data.csv",)))
        place = worker._copy.name if worker._copy is not None else "/nowhere"
        assert (worker._copy is not None) == (os.geteuid() == 0)
        worker.close()
        assert not Path(place).exists()

    def test_a_scratch_folder_can_be_written_to_up_to_its_size(self, shared: ProcessBox) -> None:
        code = (
            "import os, tempfile\ndef f(size):\n    with open(str(size), 'wb') as file: file.write(bytes(size))\n"
            "    return os.getcwd() == tempfile.gettempdir()\n"
        )
        with contextlib.closing(shared.start(Needs(512, 30, scratch_mb=1))) as worker:
            _loaded(worker, code)
            place = Path(worker._scratch.name if worker._scratch else "")
            assert _value(_call(worker, 600_000)) is True
            reply = _call(worker, 600_001)
            assert isinstance(reply, Noise)
            assert reply.reason == "it has written more than its scratch folder may hold"
            assert not place.exists()
        assert not shared._uids

    def test_and_no_file_beyond_it(self, shared: ProcessBox) -> None:
        with contextlib.closing(shared.start(Needs(512, 30, scratch_mb=1))) as worker:
            code = "def f(size):\n    with open('x', 'wb') as file: file.write(bytes(size))\n"
            reply = _call(_loaded(worker, code), 3 << 20)
        assert isinstance(reply, (Noise, Delivered))
        if isinstance(reply, Delivered):
            assert reply.letter[:3] == (letters.RAISED, 1, "OSError")


class TestOutOfMemory:
    """Whatever form it takes, the worker or its end tells it from a mistake."""

    HOARD = (
        "import numpy as np\nhoard = []\ndef f(then):\n    size = 1 << 22\n    while size > 4096:\n"
        "        try:\n            while True: hoard.append(bytearray(size))\n"
        "        except MemoryError: size >>= 1\n"
    )

    def _result(self, worker: ProcessWorker, source: str, *args: Value) -> oc.Result:
        return call_result(_call(_loaded(worker, source), *args), 1, LONG)

    @pytest.mark.parametrize(
        "code", ["bytes(10 ** 9)", "np.zeros(10 ** 9) + 1", "[0] * 10 ** 9", "np.linalg.inv(np.eye(20_000))"]
    )
    def test_an_allocation_that_fails(self, worker: ProcessWorker, code: str) -> None:
        source = f"import numpy as np\ndef f(): return {code}\n"
        assert self._result(worker, source) == oc.OutOfMemory()

    def test_an_answer_for_which_none_is_left(self, worker: ProcessWorker) -> None:
        source = f"{self.HOARD}    return then\nthen = np.ones(300_000)\n"
        assert (
            self._result(worker, source.replace("return then", "return globals()['then']"), 0) == oc.OutOfMemory()
        )

    @pytest.mark.parametrize(
        "sign", ["OpenBLAS error: Memory allocation still failed after 10 retries, giving up."]
    )
    def test_a_library_that_gives_up(self, worker: ProcessWorker, sign: str) -> None:
        source = f"import os\ndef f():\n    os.write(2, {sign.encode()!r})\n    os._exit(1)\n"
        assert self._result(worker, source) == oc.OutOfMemory()

    def test_a_kernel_that_kills(self, worker: ProcessWorker) -> None:
        source = "import os\ndef f(): os.kill(os.getpid(), 9)\n"
        assert self._result(worker, source) == oc.OutOfMemory()

    @linux_only
    def test_how_near_the_limit_it_came(self, worker: ProcessWorker) -> None:
        _loaded(worker, f"{self.HOARD}    hoard.clear()\n    raise SystemError('NULL without an exception')\n")
        assert not worker.near_memory_limit()
        result = call_result(_call(worker, 0), 1, LONG)
        assert isinstance(result, oc.Raised)
        assert result.type_name == "SystemError"
        assert worker.near_memory_limit()
        worker.close()
        assert not worker.near_memory_limit()


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="reads the worker's memory through /proc")
def test_nothing_of_the_parents_is_in_a_workers_memory(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of a live worker's memory, read from outside: the parent's secret is not there, its own text is."""
    secret, known = (f"{name}-{secrets.token_hex(16)}" for name in ("secret", "known"))
    monkeypatch.setenv("SECRET", secret)
    held = [secret, {secret: np.frombuffer(secret.encode(), np.uint8)}]
    # Root can read what is closed to tracers; anybody else can read what is not, of their own.
    without: set[LayerName] = set() if os.geteuid() == 0 else {"undumpable", "namespaces", "capabilities"}
    with (
        contextlib.closing(kind.box(protected=[Path("/nowhere") / "key"], without=without)) as box,
        contextlib.closing(box.start(NEEDS)) as worker,
    ):
        _loaded(worker, f"text = {known!r}\ndef f(): return text[:5]\n")
        assert _value(_call(worker)) == "known"
        content = _memory_of(worker.pid)
    assert len(content) > 1 << 20
    assert known.encode() in content
    assert secret.encode() not in content
    assert secret.encode("utf-16-le") not in content
    assert secret.encode("utf-32-le") not in content
    assert held


def _memory_of(pid: int) -> bytes:
    """Return all that a process has in memory."""
    content = bytearray()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            region, access, *_, name = [*line.split(maxsplit=5), ""][:7]
            start, end = (int(item, 16) for item in region.split("-"))
            while access[0] == "r" and not name.startswith("[v") and start < end:
                memory.seek(start)
                try:
                    chunk = memory.read(end - start)
                except OSError:  # a page beyond the end of the file that is mapped there
                    chunk = bytes(mmap.PAGESIZE)
                content += chunk
                start += len(chunk)
    return bytes(content)
