"""Workers forked from one warm interpreter: no two see anything of each other, and none outlives the grader."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import functools
import gc
import mmap
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader import outcome as oc
from grader.errors import HostError
from grader.plan import Call, Case, FunctionAnswer, Limits, Part, Plan, Question
from grader.sandbox import Delivered, Gone, Needs, ProcessBox
from grader.sandbox import zygote as zygote_module
from grader.sandbox.process_worker import ProcessWorker
from grader.session import sit
from grader.submission import File, Submission
from grader.wire import Value, encode
from grader.worker import letters
from grader.worker.wall import landlock
from grader.worker.wall.layers import EVERY_LAYER

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks from a zygote on Linux alone")

if sys.platform == "linux":
    from grader.sandbox.zygote import Zygote

LONG = 30.0
NEEDS = Needs(memory_mb=512, cpu_seconds=30)
ROOT = Path(zygote_module.__file__).parents[2]


@pytest.fixture
def box() -> Iterator[ProcessBox]:
    with contextlib.closing(ProcessBox()) as box:
        yield box


@pytest.fixture
def open_box() -> Iterator[ProcessBox]:
    """Return a box without a wall."""
    with contextlib.closing(ProcessBox("off")) as box:
        yield box


def _zygote(box: ProcessBox) -> Zygote:
    assert box._nursery is not None
    zygote = box._nursery.warm_up()
    assert isinstance(zygote, Zygote)
    return zygote


def _zygote_pid(box: ProcessBox) -> int:
    return _zygote(box)._process.pid


def _start(box: ProcessBox, source: str = "", needs: Needs = NEEDS) -> ProcessWorker:
    worker = box.start(needs)
    reply = worker.ask((letters.LOAD, {"a.py": source.encode()}, "a.py", letters.WHOLE_FILE), LONG)
    assert isinstance(reply, Delivered), reply
    assert reply.letter[0] == letters.LOADED, reply.letter
    return worker


def _call(worker: ProcessWorker, *args: Value, seconds: float = LONG) -> Any:
    reply = worker.ask((letters.CALL, 1, "f", list(args), []), seconds)
    assert isinstance(reply, Delivered), reply
    assert reply.letter[0] == letters.RETURNED, reply.letter
    return reply.letter[2]


def _value(box: ProcessBox, source: str, *args: Value) -> Any:
    """Return what `f` of a submission of its own returns."""
    with contextlib.closing(_start(box, source)) as worker:
        return _call(worker, *args)


def _alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return status.rpartition(b")")[2].split()[0] != b"Z"


def _has_ended(pid: int) -> bool:
    return not _alive(pid)


def _has_landlock() -> bool:
    try:
        return landlock.abi() > 0
    except OSError:
        return False


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0].decode()
    except OSError:
        return ""


def _within(seconds: float, fact: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.01)
    return fact()


def _open_files(pid: int | str = "self") -> int:
    return len([*Path(f"/proc/{pid}/fd").iterdir()])


def _children(pid: int) -> list[int]:
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(file.read_bytes().rpartition(b")")[2].split()[1]) == pid:
                found.append(int(file.parent.name))
    return found


def _zombies() -> set[int]:
    return {pid for pid in _children(os.getpid()) if _state(pid) == "Z"}


class TestLife:
    def test_all_workers_come_from_one(self, box: ProcessBox) -> None:
        box.warm_up()
        zygote = _zygote_pid(box)
        for _ in range(3):
            with contextlib.closing(_start(box)) as worker:
                assert _children(zygote) == [worker.pid]
        assert _zygote_pid(box) == zygote
        box.close()
        assert not _alive(zygote)
        box.close()

    def test_one_that_is_killed_between_submissions_is_replaced(self, box: ProcessBox) -> None:
        for _ in range(3):
            assert _value(box, "def f(x): return 2 * x\n", 4) == 8
            before = _zygote_pid(box)
            os.kill(before, signal.SIGKILL)
        assert _value(box, "def f(x): return 2 * x\n", 4) == 8
        assert _zygote_pid(box) != before
        assert _state(before) == ""

    def test_one_that_is_stopped_is_replaced(self, box: ProcessBox, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(zygote_module, "_PATIENCE_SECONDS", 1.0)
        before = _zygote_pid(box)
        assert _value(box, "def f(x): return 2 * x\n", 4) == 8
        os.kill(before, signal.SIGSTOP)
        assert _value(box, "def f(x): return 2 * x\n", 4) == 8
        assert _zygote_pid(box) != before
        assert _state(before) == ""

    def test_one_that_is_killed_takes_its_worker_along_and_that_is_said(self, box: ProcessBox) -> None:
        worker = _start(box, "import time\ndef f(): time.sleep(600)\n")
        timer = threading.Timer(0.3, os.kill, (_zygote_pid(box), signal.SIGKILL))
        timer.start()
        reply = worker.ask((letters.CALL, 1, "f", [], []), LONG)
        assert isinstance(reply, Gone)
        assert (reply.status, reply.lost) == (-signal.SIGKILL, True)
        assert reply.seconds < LONG / 2
        worker.close()
        assert _state(worker.pid) == ""
        assert _value(box, "def f(x): return 2 * x\n", 4) == 8

    def test_so_it_is_before_the_wall_stands(self, box: ProcessBox) -> None:
        worker = box.start(NEEDS)
        zygote = _zygote_pid(box)
        os.kill(zygote, signal.SIGKILL)
        assert _within(LONG, lambda: not _alive(worker.pid))
        reply = worker.ask((letters.LOAD, {"a.py": b""}, "a.py", letters.WHOLE_FILE), LONG)
        assert isinstance(reply, Gone)
        assert reply.lost
        assert not box._uids
        again = box.start(NEEDS)
        os.kill(_zygote_pid(box), signal.SIGKILL)
        assert _within(LONG, lambda: not _alive(again.pid))
        question = encode((letters.CALL, 1, "f", [], []))
        (last,) = again.ask_all([question], LONG, time.monotonic() + LONG, [None])
        assert isinstance(last, Gone)
        assert last.lost

    def test_what_ended_before_it_keeps_its_own_status(self, open_box: ProcessBox) -> None:
        worker = _start(open_box, "import os\ndef f(): os._exit(5)\n")
        worker._channel.post(encode((letters.CALL, 1, "f", [], [])))
        assert _within(LONG, lambda: not _alive(worker.pid))
        os.kill(_zygote_pid(open_box), signal.SIGKILL)
        assert worker._child.wait(LONG) == 5
        assert not worker._child.is_lost()
        worker.close()

    def test_a_box_that_is_closed_ends_the_workers_too(self, box: ProcessBox) -> None:
        worker = _start(box)
        box.close()
        assert _within(LONG, lambda: not _alive(worker.pid))
        worker.close()
        assert _state(worker.pid) == ""

    def test_a_box_that_is_forgotten_ends_its_zygote(self) -> None:
        box = ProcessBox()
        zygote = _zygote_pid(box)
        del box
        gc.collect()
        assert _within(LONG, lambda: _state(zygote) == "")

    @pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "exit"])
    def test_all_end_with_the_grader(self, how: str) -> None:
        code = (
            "import sys\nfrom grader.sandbox import Needs, ProcessBox\nfrom grader.worker import letters\n"
            "box = ProcessBox()\nworker = box.start(Needs(512, 30))\n"
            "worker.ask((letters.LOAD, {'a.py': b''}, 'a.py', letters.WHOLE_FILE), 30)\n"
            "print(box._nursery.warm_up()._process.pid, worker.pid, flush=True)\nsys.stdin.read()\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        assert process.stdin is not None
        assert process.stdout is not None
        pids = [int(word) for word in process.stdout.readline().split()]
        assert all(map(_alive, pids))
        # Stopped, it cannot see the end of the socket.
        os.kill(pids[0], signal.SIGSTOP)
        if how == "exit":
            process.stdin.close()
        else:
            process.send_signal(getattr(signal, how))
        process.wait(LONG)
        process.stdin.close()
        process.stdout.close()
        assert _within(LONG, lambda: not any(map(_alive, pids)))

    @pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
    def test_though_a_thread_has_started_it(self, how: signal.Signals) -> None:
        """It does not end with that thread, and with the grader all the same."""
        code = (
            "import os, sys, threading, time\nfrom grader.sandbox import Needs, ProcessBox\n"
            "from grader.worker import letters\nbox = ProcessBox()\n"
            "thread = threading.Thread(target=box.warm_up)\nthread.start()\nthread.join()\ntime.sleep(0.3)\n"
            "worker = box.start(Needs(512, 30))\n"
            "worker.ask((letters.LOAD, {'a.py': b''}, 'a.py', letters.WHOLE_FILE), 30)\ntime.sleep(0.1)\n"
            "print(box._nursery.warm_up()._process.pid, worker.pid, flush=True)\nsys.stdin.read()\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        assert process.stdin is not None
        assert process.stdout is not None
        pids = [int(word) for word in process.stdout.readline().split()]
        assert all(map(_alive, pids))
        process.send_signal(how)
        process.wait(LONG)
        process.stdin.close()
        process.stdout.close()
        assert _within(LONG, lambda: not any(map(_alive, pids)))

    def test_after_a_fork_of_the_grader_the_zygote_is_the_other_ones(
        self, box: ProcessBox, in_child: Callable[[Callable[[], Any]], Any]
    ) -> None:
        zygote = _zygote_pid(box)

        def child() -> tuple[int, Any]:
            value = _value(box, "def f(x): return 2 * x\n", 4)
            own = _zygote_pid(box)
            box.close()
            return own, value

        own, value = in_child(child)
        assert (own != zygote, value) == (True, 8)
        assert _alive(zygote)
        assert _value(box, "def f(x): return 3 * x\n", 4) == 12
        assert _zygote_pid(box) == zygote


class TestSession:
    """The submission that is being graded when the zygote ends is neither lost nor counted twice."""

    NAMES = "abcdefgh"

    def _plan(self) -> Plan:
        cases = [
            Case(name, name, "visible", Fraction(1), essential=False, calls=(Call(name, (float(number),), ()),))
            for number, name in enumerate(self.NAMES)
        ]
        answers = tuple(FunctionAnswer(case.id, ("x",), "weighted", (case,)) for case in cases)
        part = Part("P", "A part", Fraction(1), answers)
        return Plan("hw", "", "", Limits(5.0, 20.0, 60.0, 512), (Question("1", "One", (part,)),))

    @pytest.mark.parametrize("delay", [0.0, 0.05, 0.2, 0.5, 0.9])
    @pytest.mark.parametrize("times", [1, 2])
    def test_every_answer_is_there_once(self, box: ProcessBox, delay: float, times: int) -> None:
        source = "import time\n" + "".join(
            f"def {name}(x):\n    time.sleep(0.1)\n    return 2 * x\n" for name in self.NAMES
        )
        submission = Submission("anna", "a.py", (File("a.py", source.encode(), "", len(source)),))
        _start(box).close()

        def kill() -> None:
            for _ in range(times):
                time.sleep(delay)
                os.kill(_zygote_pid(box), signal.SIGKILL)

        thread = threading.Thread(target=kill)
        thread.start()
        sitting = sit(self._plan(), submission, box)
        thread.join()
        assert [outcome.result for (outcome,) in sitting.outcomes.values()] == [
            oc.Answered(2.0 * number) for number in range(len(self.NAMES))
        ]
        assert not box._uids


class TestLeaks:
    def test_no_descriptor_and_no_zombie_after_many_workers(self, open_box: ProcessBox) -> None:
        box = open_box  # whose zygote can be looked into by whoever started it
        zombies = _zombies()
        for number in range(300):
            worker = _start(box) if number % 10 == 0 else box.start(NEEDS)
            if number == 10:
                mine, its = _open_files(), _open_files(_zygote_pid(box))
            worker.close()
            worker.close()
            if number == 10:
                mine, its = _open_files(), _open_files(_zygote_pid(box))
        zygote = _zygote_pid(box)
        assert (_open_files(), _open_files(zygote)) == (mine, its)
        assert _children(zygote) == []
        assert _zombies() <= zombies
        assert not box._uids

    def test_none_after_zygotes_that_are_killed(self, box: ProcessBox) -> None:
        _start(box).close()
        zombies = _zombies()
        before = _open_files()
        for _ in range(5):
            worker = _start(box)
            os.kill(_zygote_pid(box), signal.SIGKILL)
            assert _within(LONG, functools.partial(_has_ended, worker.pid))
            worker.close()
        _start(box).close()
        assert _open_files() == before
        assert _zombies() <= zombies

    def test_a_descriptor_above_those_that_select_knows(self, box: ProcessBox) -> None:
        import resource  # noqa: PLC0415  (Unix only)

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 1300 if hard == resource.RLIM_INFINITY else min(hard, 1300)
        if wanted < 1200:
            pytest.skip("so many descriptors are not allowed here")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
        held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
        try:
            assert _value(box, "def f(x): return 2 * x\n", 4) == 8
        finally:
            for descriptor in held:
                os.close(descriptor)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class TestStatus:
    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("os._exit(0)", 0),
            ("os._exit(5)", 5),
            ("os._exit(255)", 255),
            ("os.abort()", -signal.SIGABRT),
            ("os.kill(os.getpid(), 9)", -signal.SIGKILL),
            ("os.kill(os.getpid(), 11)", -signal.SIGSEGV),
        ],
    )
    def test_it_is_exact(self, box: ProcessBox, code: str, status: int) -> None:
        worker = _start(box, f"import os\ndef f(): {code}\n")
        reply = worker.ask((letters.CALL, 1, "f", [], []), LONG)
        assert isinstance(reply, Gone)
        assert (reply.status, reply.lost) == (status, False)

    def test_the_grader_knows_only_what_has_ended(self, box: ProcessBox) -> None:
        with contextlib.closing(_start(box)) as worker:
            process = worker._child._process
            assert process.poll() is None
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.01)
            os.kill(worker.pid, signal.SIGTERM)
            assert process.wait() == -signal.SIGTERM
            assert process.poll() == -signal.SIGTERM


class TestFaults:
    @pytest.mark.parametrize(
        ("path", "told"),
        [
            ("/dev/null/x", r"the wall around the sandbox does not stand: landlock: .*Not a directory"),
            ("/x\0y", r"the sandboxed Python does not start as it should: ValueError: .*embedded null"),
        ],
    )
    def test_a_wall_that_cannot_be_prepared_is_told(self, path: str, told: str) -> None:
        if not _has_landlock():
            pytest.skip("no Landlock here")
        known: dict[str, Value] = {"readable": [path], "listable": [], "exposed": [], "unavailable": {}}
        with contextlib.closing(ProcessBox(without={"namespaces", "uid"})) as box:
            for _ in range(2):
                box._known = known
                with pytest.raises(HostError, match=told):
                    _start(box)
                assert not box._uids
            # Nothing of it stays.
            box.close()
            box._known = None
            assert _value(box, "def f(x): return 2 * x\n", 4) == 8

    def test_a_machine_that_starts_no_more_processes(self, box: ProcessBox) -> None:
        """As an ordinary user's: the limit on their number does not bind root."""
        zygote = _zygote(box)
        _start(box).close()
        sent = []

        def number() -> int:
            sent.append(True)
            zygote._control.recv(64)
            return -errno.EAGAIN

        before = _open_files()
        zygote._number = number  # type: ignore[method-assign]
        with pytest.raises(HostError, match=r"cannot start .*Resource temporarily unavailable"):
            box.start(NEEDS)
        del zygote._number
        assert sent
        assert _open_files() == before
        assert _zygote(box) is zygote

    def test_an_end_that_nothing_would_tell(self, box: ProcessBox, monkeypatch: pytest.MonkeyPatch) -> None:
        _start(box).close()

        def refuse(_pid: int) -> int:
            raise OSError(errno.EMFILE, "Too many open files")

        monkeypatch.setattr(os, "pidfd_open", refuse)
        with pytest.raises(HostError, match="may not open enough files"):
            box.start(NEEDS)
        assert _children(_zygote_pid(box)) == []

    def test_what_cannot_be_started_leaves_nothing(self) -> None:
        before = _open_files()
        with pytest.raises(OSError, match="nowhere"):
            Zygote(["/nowhere/python"], [], None)
        assert _open_files() == before


class TestThreads:
    """Several threads with one box, several boxes in one process."""

    def _run(self, boxes: list[ProcessBox], count: int) -> list[Any]:
        found: list[Any] = []

        def work(number: int) -> None:
            box = boxes[number % len(boxes)]
            for each in range(count):
                try:
                    found.append((_value(box, "def f(x): return 2 * x\n", number * 100 + each), number, each))
                except BaseException as error:  # noqa: BLE001  (told below)
                    found.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    @pytest.mark.parametrize("isolation", ["auto", "off"])
    @pytest.mark.parametrize("boxes", [1, 2])
    @pytest.mark.parametrize("zygote", [True, False])
    def test_every_one_gets_its_own_answers(self, isolation: Any, boxes: int, zygote: bool) -> None:
        with contextlib.ExitStack() as stack:
            made = [
                stack.enter_context(contextlib.closing(ProcessBox(isolation, zygote=zygote))) for _ in range(boxes)
            ]
            found = self._run(made, 5)
            assert sorted(found, key=str) == sorted(
                [(2 * (number * 100 + each), number, each) for number in range(4) for each in range(5)], key=str
            )
            assert not any(box._uids for box in made)

    def test_a_zygote_that_dies_under_several_is_replaced_once(self, box: ProcessBox) -> None:
        _start(box).close()
        zombies, stop = _zombies(), threading.Event()
        lost: list[str] = []

        def work() -> None:
            while not stop.is_set():
                try:
                    worker = box.start(NEEDS)
                except HostError as error:
                    # Killed twice in a row before it could fork.
                    lost.append(str(error))
                    continue
                reply = worker.ask((letters.LOAD, {"a.py": b""}, "a.py", letters.WHOLE_FILE), LONG)
                if not (isinstance(reply, Delivered) or (isinstance(reply, Gone) and reply.lost)):
                    lost.append(f"{reply}")
                worker.close()

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(4):
            time.sleep(0.5)
            os.kill(_zygote_pid(box), signal.SIGKILL)
        stop.set()
        for thread in threads:
            thread.join()
        assert [text for text in lost if "does not start" not in text] == []
        assert not box._uids
        assert _zombies() <= zombies


# Each line leaves something; each expression looks for it.
TRACES = {
    "a module's attribute": ("import numpy\ndef f(): numpy.left = 1", "hasattr(__import__('numpy'), 'left')"),
    "a patched function": (
        "import numpy\ndef f(): numpy.allclose = lambda *_: True",
        "__import__('numpy').allclose(0, 1)",
    ),
    "a module": ("import sys\ndef f(): sys.modules['left'] = sys", "'left' in sys.modules"),
    "a builtin": ("import builtins\ndef f(): builtins.left = 1", "hasattr(__import__('builtins'), 'left')"),
    "the environment": ("import os\ndef f(): os.environ['LEFT'] = '1'", "'LEFT' in os.environ"),
    "the path": ("import sys\ndef f(): sys.path.append('/left')", "'/left' in sys.path"),
    "an importer": ("import sys\ndef f(): sys.meta_path.append(sys)", "sys in sys.meta_path"),
    "the working folder": ("import os\ndef f(): os.chdir('/usr')", "os.getcwd() != '/'"),
    "the mask of modes": ("import os\ndef f():\n  try: os.umask(0o12)\n  except OSError: pass", "mask() == 0o12"),
    "a signal's handler": (
        "import signal\ndef f(): signal.signal(signal.SIGTERM, signal.SIG_IGN)",
        "__import__('signal').getsignal(15) == 1",
    ),
    "an alarm": ("import signal\ndef f(): signal.alarm(60)", "__import__('signal').alarm(0) > 0"),
    "a mask of signals": (
        "import signal\ndef f(): signal.pthread_sigmask(0, {10})",
        "len(__import__('signal').pthread_sigmask(0, [])) > 0",
    ),
    "a file": (
        (
            "import os\ndef f():\n  for place in ('/tmp', '/dev/shm', '/var/tmp'):\n"
            "    try: open(place + '/left-by-a-test', 'w')\n    except OSError: pass"
        ),
        "any(os.path.exists(place + '/left-by-a-test') for place in ('/tmp', '/dev/shm', '/var/tmp'))",
    ),
    "memory of System V": (
        "import ctypes\ndef f(): ctypes.CDLL(None).shmget(4711, 4096, 0o1666)",
        "__import__('ctypes').CDLL(None).shmget(4711, 4096, 0) >= 0",
    ),
    "a queue of System V": (
        "import ctypes\ndef f(): ctypes.CDLL(None).msgget(4711, 0o1666)",
        "__import__('ctypes').CDLL(None).msgget(4711, 0) >= 0",
    ),
    "a semaphore of System V": (
        "import ctypes\ndef f(): ctypes.CDLL(None).semget(4711, 1, 0o1666)",
        "__import__('ctypes').CDLL(None).semget(4711, 1, 0) >= 0",
    ),
    "the host's name": (
        "import socket\ndef f():\n  try: socket.sethostname('left')\n  except OSError: pass",
        "__import__('socket').gethostname() == 'left'",
    ),
    "an abstract socket": (
        (
            "import socket\ndef f():\n  global one\n  try:\n    one = socket.socket(socket.AF_UNIX)\n"
            "    one.bind('\\0left')\n  except OSError: pass"
        ),
        "connects()",
    ),
    "a descriptor's flags": (
        "import os, fcntl\ndef f():\n  for n in range(5): fcntl.fcntl(n, 4, os.O_NONBLOCK | os.O_APPEND)",
        "any(__import__('fcntl').fcntl(n, 3) & (os.O_NONBLOCK | os.O_APPEND) for n in range(5))",
    ),
    "a descriptor's place": (
        "import os\ndef f():\n  for n in range(64):\n    try: os.lseek(n, 7, 0)\n    except OSError: pass",
        "any(place(n) == 7 for n in range(64))",
    ),
    "a descriptor": (
        "import os\ndef f():\n  for n in range(5): os.dup2(n, 40 + n)",
        "any(place(n) is not None for n in range(5, 64))",
    ),
    "the state of draws": (
        "import numpy, random\ndef f(): numpy.random.rand(); random.random()",
        (
            "(__import__('numpy').random.rand(), __import__('random').random())"
            " != (0.5488135039273248, 0.8444218515250481)"
        ),
    ),
    "a priority": ("import os\ndef f():\n  try: os.nice(3)\n  except OSError: pass", "os.nice(0) != 0"),
    "a limit": (
        (
            "import resource\ndef f():\n  try: resource.setrlimit(resource.RLIMIT_STACK, (1 << 20, 1 << 20))\n"
            "  except (OSError, ValueError): pass"
        ),
        "__import__('resource').getrlimit(3)[0] == 1 << 20",
    ),
    "a domain of numbers": (
        "import numpy\ndef f(): numpy.seterr(all='raise')",
        "__import__('numpy').geterr()['divide'] == 'raise'",
    ),
    "a limit of digits": (
        "import sys\ndef f(): sys.set_int_max_str_digits(700)",
        "getattr(sys, 'get_int_max_str_digits', lambda: 0)() == 700",
    ),
    "a limit of depth": ("import sys\ndef f(): sys.setrecursionlimit(777)", "sys.getrecursionlimit() == 777"),
}
LOOKING = (
    "import os, socket, sys\ndef place(n):\n  try: return os.lseek(n, 0, 1)\n"
    "  except OSError as error: return None if error.errno == 9 else -1\n"
    "def mask():\n  try: return os.umask(0o22)\n  except OSError: return None\n"
    "def connects():\n  try: socket.socket(socket.AF_UNIX).connect('\\0left')\n"
    "  except OSError: return False\n  return True\n"
)
# What a wall layer less leaves for the next submission of the same zygote: nothing.
WALLS: dict[str, dict[str, Any]] = {
    "whole": {},
    **{
        f"without {name}": {"without": {name}}
        for name in ("namespaces", "landlock", "seccomp", "descriptors", "uid")
    },
    "without seccomp and landlock": {"without": {"seccomp", "landlock"}},
    "off": {"without": EVERY_LAYER},
}
# But what files and the machine's own IPC and host name hold, where nothing keeps a process from these.
OUTSIDE = {
    "without seccomp and landlock": {"a file"},
    "off": {
        "a file",
        "memory of System V",
        "a queue of System V",
        "a semaphore of System V",
    },
}


def _own(text: str) -> str:
    """Return a program whose traces no other run of these tests leaves."""
    own = str(os.getpid())
    for name, by_us in (("left-by-a-test", f"left-by-{own}"), ("4711", own), ("\\0left", f"\\0left{own}")):
        text = text.replace(name, by_us)
    return text


@pytest.mark.parametrize("wall", WALLS)
def test_nothing_of_one_submission_is_there_for_the_next(wall: str) -> None:
    # As root without a wall, this would be the machine's own name.
    names = [name for name in TRACES if not (name == "the host's name" and wall == "off" and os.geteuid() == 0)]
    found: set[str] = set()
    with contextlib.closing(ProcessBox(**WALLS[wall])) as box:
        zygote = _zygote_pid(box)
        for name in names:
            leave, look = map(_own, TRACES[name])
            looking = f"{_own(LOOKING)}def f():\n  try: return bool({look})\n  except OSError: return False\n"
            if name != "an abstract socket":
                assert _value(box, looking) is False, name
            with contextlib.closing(_start(box, f"{leave}\n")) as worker:
                worker.ask((letters.CALL, 1, "f", [], []), LONG)
            if _value(box, looking):
                found.add(name)
        assert _zygote_pid(box) == zygote
    for place in ("/tmp", "/dev/shm", "/var/tmp"):
        Path(place, _own("left-by-a-test")).unlink(missing_ok=True)
    libc, key = ctypes.CDLL(None), int(_own("4711"))
    libc.shmctl(libc.shmget(key, 0, 0), 0, None)
    libc.msgctl(libc.msgget(key, 0), 0, None)
    libc.semctl(libc.semget(key, 0, 0), 0, 0)
    assert found == OUTSIDE.get(wall, set()) & set(names)


class TestShared:
    """What the zygote and its workers have in common."""

    def test_no_memory_that_one_writes_is_anothers(self, open_box: ProcessBox) -> None:
        with contextlib.closing(_start(open_box)) as worker:
            for pid in (worker.pid, _zygote_pid(open_box)):
                for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
                    access = line.split()[1]
                    assert access[3] == "p" or "w" not in access, line

    def test_no_open_file_is_the_same(self, open_box: ProcessBox) -> None:
        """The flags and the place of one that is inherited would be everybody's."""
        with contextlib.closing(_start(open_box)) as worker:
            mine = [Path(f"/proc/{worker.pid}/fd/{number}").readlink().name for number in range(5)]
            assert mine[0] == "null"
            assert all(name.startswith("pipe:") for name in mine[1:])
            assert len({*mine[1:2], *mine[3:]}) == 3
            others = {Path(f"/proc/{_zygote_pid(open_box)}/fd/{number}").readlink().name for number in (3, 4)}
            assert others == {"null"}
            assert _open_files(worker.pid) == 5

    def test_the_zygote_holds_one_socket_and_no_paths_of_the_course(self) -> None:
        place = Path("/nowhere") / f"course-{secrets.token_hex(16)}"
        held = f"secret-{secrets.token_hex(16)}"
        without: Any = set() if os.geteuid() == 0 else {"undumpable", "namespaces", "capabilities"}
        with contextlib.closing(ProcessBox(protected=[place], without=without)) as box:
            known = f"known-{secrets.token_hex(16)}"
            with contextlib.closing(_start(box, f"text = {known!r}\n")):
                content = _memory_of(_zygote_pid(box))
                links = [link.readlink().name for link in Path(f"/proc/{_zygote_pid(box)}/fd").iterdir()]
        assert len(content) > 1 << 20
        for secret in (held, known):
            assert secret.encode() not in content
        assert len([name for name in links if name.startswith("socket:")]) == 1

    def test_a_worker_finds_no_socket_and_no_descriptor_of_the_zygote(self, open_box: ProcessBox) -> None:
        code = (
            "import gc, os, socket, sys\ndef f():\n"
            "    frame, locals_ = sys._getframe(), []\n"
            "    while frame: locals_ += frame.f_locals.values(); frame = frame.f_back\n"
            "    sockets = [one for one in [*gc.get_objects(), *locals_] if isinstance(one, socket.socket)]\n"
            "    open_ = []\n    for number in range(5, 1024):\n"
            "        try: open_.append(os.fstat(number).st_mode)\n        except OSError: pass\n"
            "    return [one.fileno() for one in sockets if one.fileno() >= 0], open_\n"
        )
        assert _value(open_box, code) == ([], [])

    def test_a_worker_dies_with_its_zygote_by_the_kernels_hand(self, box: ProcessBox) -> None:
        code = (
            "import ctypes\ndef f():\n    sent = ctypes.c_int()\n"
            "    ctypes.CDLL(None).prctl(2, ctypes.byref(sent), 0, 0, 0)\n    return sent.value\n"
        )
        assert _value(box, code) == signal.SIGKILL

    def test_a_worker_can_register_what_a_fork_calls(self, box: ProcessBox) -> None:
        source = "import os\ndef f(): return type(os.register_at_fork).__name__\n"
        assert _value(box, source) == "builtin_function_or_method"

    def test_limits_are_each_workers_own(self, box: ProcessBox) -> None:
        code = (
            "import resource\ndef f(): return [resource.getrlimit(getattr(resource, 'RLIMIT_' + name))[0]"
            " for name in ('AS', 'CPU', 'FSIZE', 'NOFILE')], sum(resource.getrusage(0)[:2]) < 1\n"
        )
        for memory, seconds in ((512, 30), (1024, 7), (256, 60)):
            with contextlib.closing(_start(box, code, Needs(memory, seconds))) as worker:
                assert _call(worker) == ([memory << 20, seconds, 0, 64], True)

    def test_processor_time_is_each_workers_own(self, box: ProcessBox) -> None:
        code = (
            "import time\ndef f():\n    end = time.process_time() + 0.4\n"
            "    while time.process_time() < end: pass\n"
        )
        for _ in range(4):
            with contextlib.closing(_start(box, code, Needs(512, 1))) as worker:
                _call(worker)
        worker = _start(box, "def f():\n    while True: pass\n", Needs(512, 1))
        reply = worker.ask((letters.CALL, 1, "f", [], []), LONG)
        assert isinstance(reply, Gone)
        assert reply.status in {-signal.SIGXCPU, -signal.SIGKILL}
        assert not reply.lost


def _memory_of(pid: int) -> bytes:
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


class TestTwins:
    """Zygotes that a zygote has forked, for lanes of the grader's."""

    @pytest.fixture
    def branch(self, box: ProcessBox) -> Iterator[ProcessBox]:
        with contextlib.closing(_start(box)):
            assert box.holds_alone()
        with contextlib.closing(box.branch()) as branch:
            branch.settle()
            yield branch

    def test_it_is_forked_by_the_first_one_and_shares_no_network_with_it(
        self, box: ProcessBox, branch: ProcessBox
    ) -> None:
        with contextlib.closing(_start(branch, "def f(x): return 2 * x\n")) as worker:
            (twin,) = _children(_zygote_pid(box))
            assert _children(twin) == [worker.pid]
            assert _call(worker, 4) == 8
            assert _standing(branch) == _standing(box)
            if os.geteuid() == 0 and "namespaces" in _standing(box):
                pids = (os.getpid(), _zygote_pid(box), twin)
                for name in ("net", "mnt"):
                    assert len({Path(f"/proc/{pid}/ns/{name}").readlink() for pid in pids}) == 3

    @pytest.mark.parametrize("end", ["close", "kill"])
    def test_it_ends_with_its_socket_and_with_the_first_one(
        self, box: ProcessBox, branch: ProcessBox, end: str
    ) -> None:
        worker = _start(branch)
        (twin,) = _children(_zygote_pid(box))
        if end == "close":
            branch.close()
        else:
            os.kill(_zygote_pid(box), signal.SIGKILL)
        assert _within(LONG, lambda: not _alive(twin) and not _alive(worker.pid))
        worker.close()
        # Another is started, by this process.
        with contextlib.closing(_start(branch)) as again:
            assert _children(_zygote_pid(branch)) == [again.pid]

    def test_in_a_fork_of_the_grader_it_is_used_and_ended(
        self, box: ProcessBox, branch: ProcessBox, in_child: Callable[[Callable[[], Any]], Any]
    ) -> None:
        (twin,) = _children(_zygote_pid(box))

        def child() -> tuple[Any, list[int]]:
            box.close()
            branch.settle()
            with contextlib.closing(_start(branch, "def f(x): return 2 * x\n")) as worker:
                return _call(worker, 4), [*set(_children(twin)) ^ {worker.pid}]

        value, others = in_child(child)
        assert (value, others) == (8, [])
        assert _alive(twin)
        branch.close()
        assert _within(LONG, lambda: not _alive(twin))

    def test_where_workers_may_start_processes_there_is_none(self, open_box: ProcessBox) -> None:
        with contextlib.closing(_start(open_box)), contextlib.closing(open_box.branch()) as branch:
            assert branch._nursery is not None
            assert branch._nursery._zygote is None


def _standing(box: ProcessBox) -> list[str]:
    return [item.name for item in box.layers() if item.in_force]
