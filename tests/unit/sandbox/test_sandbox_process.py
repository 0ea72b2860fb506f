from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import HostError
from grader.sandbox import Delivered, Gone, Noise, Overdue, ProcessBox, Reply
from grader.sandbox import process as process_module
from grader.sandbox.process import ProcessWorker
from grader.wire import Value
from grader.worker import letters

LONG = 30.0
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


@pytest.fixture
def box() -> Iterator[ProcessBox]:
    with contextlib.closing(ProcessBox()) as box:
        yield box


@pytest.fixture
def worker(box: ProcessBox) -> Iterator[ProcessWorker]:
    with contextlib.closing(box.start(memory_mb=512, cpu_seconds=30)) as worker:
        yield worker


def _loaded(worker: ProcessWorker, source: str) -> ProcessWorker:
    reply = worker.ask((letters.LOAD, source.encode(), "homework.py", letters.WHOLE_FILE), LONG)
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
    def test_one_that_has_left_a_child_with_the_door(self, worker: ProcessWorker) -> None:
        code = "import os, time\ndef f():\n    if os.fork(): os._exit(4)\n    time.sleep(600)\n"
        reply = _call(_loaded(worker, code))
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

    def test_no_environment_and_no_arguments(self, worker: ProcessWorker, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SECRET", "42")
        code = "import os, sys\ndef f(): return [sorted(os.environ), sys.argv, os.getcwd(), sys.stdin.read()]\n"
        environment, *rest = _value(_call(_loaded(worker, code)))
        assert set(environment) <= {"LC_CTYPE"}
        assert rest == [["submission"], "/", ""]

    @linux_only
    def test_no_descriptor_but_its_own(self, box: ProcessBox, tmp_path: Path) -> None:
        secret = tmp_path / "key"
        secret.write_text("42")
        code = (
            "import os\ndef f():\n    found = []\n    for name in os.listdir('/proc/self/fd'):\n"
            "        try: found.append(os.readlink('/proc/self/fd/' + name).partition(':')[0])\n"
            "        except OSError: pass\n    return sorted(found)\n"
        )
        with secret.open() as held, contextlib.closing(box.start(512, 30)) as other:
            os.set_inheritable(held.fileno(), True)
            _loaded(other, "x = 1")
            with contextlib.closing(box.start(512, 30)) as worker:
                assert _value(_call(_loaded(worker, code))) == ["/dev/null", "pipe", "pipe", "pipe", "pipe"]

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
def test_close_ends_every_descendant(worker: ProcessWorker) -> None:
    code = (
        "import os, time\ndef f():\n    read, write = os.pipe()\n"
        "    if os.fork() == 0:\n        os.setsid()\n"
        "        if os.fork() == 0:\n"
        "            os.write(write, b'%d' % os.getpid())\n            time.sleep(600)\n"
        "        os._exit(0)\n    os.wait()\n    return int(os.read(read, 100))\n"
    )
    pid = _value(_call(_loaded(worker, code)))
    assert Path(f"/proc/{pid}").exists()
    worker.close()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{pid}").exists()
    worker.close()


class TestStart:
    def test_a_worker_is_warmed_up_once_and_used_once(self, box: ProcessBox) -> None:
        box.warm_up()
        spare = box._spare
        box.warm_up()
        assert box._spare is spare
        with contextlib.closing(box.start(512, 30)) as first, contextlib.closing(box.start(512, 30)) as second:
            assert first is spare
            assert second is not first
        box.close()

    def test_one_that_nobody_used_is_ended(self, box: ProcessBox) -> None:
        box.warm_up()
        assert len(box._roots) == 1
        box.close()
        assert not box._roots

    def test_an_interpreter_that_is_not_there_is_the_hosts_fault(
        self, box: ProcessBox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = len([*Path("/dev/fd").iterdir()])
        monkeypatch.setattr(box, "_interpreter", ["/nowhere/python"])
        with pytest.raises(HostError, match="cannot start"):
            box.start(512, 30)
        assert len([*Path("/dev/fd").iterdir()]) == before

    @pytest.mark.parametrize(("script", "told"), [("echo no numpy; exit 1", "no numpy"), ("exit 3", "status=3")])
    def test_one_that_does_not_get_ready_is_too(self, box: ProcessBox, script: str, told: str) -> None:
        box._interpreter = ["/bin/sh", "-c", script]
        worker = box.start(512, 30)
        with pytest.raises(HostError, match=told):
            worker.ask((letters.LOAD, b"", "homework.py", letters.WHOLE_FILE), LONG)
        worker.close()

    def test_windows_is_refused_in_a_sentence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "win32")
        with pytest.raises(HostError, match="POSIX"):
            ProcessBox()


@pytest.mark.parametrize(("platform", "space"), [("linux", "in force"), ("darwin", "not on this platform")])
def test_facts_are_the_platforms(
    box: ProcessBox, platform: str, space: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert box.facts()["address space"] == space


def test_where_the_end_of_a_process_has_no_descriptor(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_pid: int) -> int:
        raise OSError

    monkeypatch.setattr(os, "pidfd_open", refuse, raising=False)
    assert process_module._exit_descriptor(os.getpid()) is None
    monkeypatch.setattr(sys, "platform", "darwin")
    assert process_module._exit_descriptor(os.getpid()) is None
