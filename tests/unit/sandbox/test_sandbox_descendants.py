from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox import descendants
from grader.sandbox.descendants import Family, exit_descriptor
from grader.sandbox.parent import adopt_orphans

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="descendants are found through /proc")

# Each prints the ids of those that are to die, then waits.
ALONE = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
CHILD = "import os, time; os.fork(); os.write(1, b'%d\\n' % os.getpid()); time.sleep(600)"
DOUBLE_FORK = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(1, b"%d\\n" % os.getpid())
        time.sleep(600)
    os._exit(0)
os.wait()
os.write(1, b"%d\\n" % os.getpid())
time.sleep(600)
"""
ROOT_GONE = DOUBLE_FORK.replace("os.wait()\n", "os.wait(); os._exit(0)\n")
ADOPTS = "import ctypes; ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)\n" + DOUBLE_FORK
FAMILY = "import os, time\nfor _ in range(4): os.fork(); os.setsid() if os.getpid() != os.getsid(0) else 0\n"
FAMILY += "os.write(1, b'%d\\n' % os.getpid())\ntime.sleep(600)"


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", ALONE], stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        yield process
        process.kill()


def _start(code: str, members: int) -> tuple[subprocess.Popen[bytes], list[int]]:
    process = subprocess.Popen([sys.executable, "-S", "-c", code], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    return process, [int(process.stdout.readline()) for _ in range(members)]


def _alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return status.rpartition(b")")[2].split()[0] != b"Z"


def _gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 20
    while any(map(_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not any(map(_alive, pids))


@linux_only
@pytest.mark.parametrize(
    ("code", "members"),
    [(ALONE, 1), (CHILD, 2), (DOUBLE_FORK, 2), (ROOT_GONE, 1), (ADOPTS, 2), (FAMILY, 16)],
    ids=["alone", "child", "double fork", "root gone", "subreaper", "sixteen sessions"],
)
def test_nobody_of_the_family_survives(code: str, members: int) -> None:
    adopt_orphans()
    family: Family | None = None
    process, pids = _start(code, members)
    with process:
        family = Family(process.pid)
        assert process.pid not in family._members()
        while code is ROOT_GONE and _alive(process.pid):
            time.sleep(0.001)
        family.kill()
        assert _gone(pids)
        assert process.wait(20) == (0 if code is ROOT_GONE else -9)


@linux_only
def test_others_are_left_alone(bystander: subprocess.Popen[bytes]) -> None:
    adopt_orphans()
    older, (older_pid,) = _start(ALONE, 1)
    time.sleep(0.05)
    process, pids = _start(DOUBLE_FORK, 2)
    family = Family(process.pid)
    sibling, (sibling_pid,) = _start(ALONE, 1)
    another = Family(sibling_pid)
    same_session = subprocess.Popen([sys.executable, "-c", ALONE], stdout=subprocess.DEVNULL)
    family.kill()
    assert _gone(pids)
    assert all(map(_alive, (older_pid, sibling_pid, same_session.pid, bystander.pid)))
    another.kill()
    assert _gone([sibling_pid])
    for other in (older, process, sibling, same_session):
        other.kill()
        other.communicate(timeout=20)


@linux_only
def test_a_process_id_that_is_used_again_spares_nobody() -> None:
    adopt_orphans()
    process, pids = _start(DOUBLE_FORK, 2)
    with process:
        family = Family(process.pid)
        descendants._living.update(dict.fromkeys(pids, family._started - 1))
        family.kill()
        assert _gone(pids)
        for pid in pids:
            descendants._living.pop(pid, None)


@linux_only
def test_it_gives_up_on_who_cannot_be_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    process, (pid,) = _start(ALONE, 1)
    with process:
        family = Family(pid)
        signals: list[int] = []
        monkeypatch.setattr(Family, "_members", lambda *_: {pid})
        monkeypatch.setattr(Family, "_signal", lambda _, member: signals.append(member))
        family.kill()
        monkeypatch.undo()
        assert len(signals) == 101
        family.kill()


@linux_only
def test_a_process_that_is_gone_has_no_entry() -> None:
    process, (pid,) = _start("import os; print(os.getpid())", 1)
    process.communicate(timeout=20)
    assert descendants._entry(pid) is None
    Family(pid).kill()


@linux_only
def test_a_name_cannot_forge_the_entry() -> None:
    code = "import os, time, sys; open('/proc/self/comm', 'w').write(') Z 1 1 (x'); " + ALONE
    process, (pid,) = _start(code, 1)
    with process:
        entry = descendants._entry(pid)
        assert entry is not None
        assert (entry.state in "SR", entry.parent, entry.session) == (True, os.getpid(), pid)
        process.kill()


class TestOrphans:
    @linux_only
    def test_those_that_nobody_knows_are_waited_for(self) -> None:
        adopt_orphans()
        before = descendants.ticks()
        unknown, (unknown_pid,) = _start("import os, time; print(os.getpid(), flush=True); time.sleep(0.2)", 1)
        known, (known_pid,) = _start("import os; print(os.getpid(), flush=True)", 1)
        family = Family(known_pid)
        here = subprocess.Popen([sys.executable, "-c", ""])
        while Path(f"/proc/{here.pid}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z":
            time.sleep(0.01)
        descendants.reap_orphans(before)
        assert not Path(f"/proc/{unknown_pid}").exists()
        assert Path(f"/proc/{known_pid}").exists()
        assert here.wait(20) == 0
        assert known.wait(20) == 0
        family.forget()
        unknown.wait(20)
        for process in (unknown, known):
            process.communicate(timeout=20)

    @linux_only
    def test_older_ones_are_somebody_elses(self) -> None:
        process, _ = _start("import os; print(os.getpid(), flush=True); raise SystemExit(3)", 1)
        time.sleep(0.05)
        descendants.reap_orphans(descendants.ticks() + 1)
        assert process.wait(20) == 3
        process.communicate(timeout=20)

    def test_where_there_is_no_proc(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "darwin")
        assert descendants.ticks() == 0
        descendants.reap_orphans(0)


class TestPeakMemory:
    @linux_only
    def test_it_is_the_most_that_there_ever_was(self) -> None:
        code = "import os, time\ndata = bytearray(1 << 28)\ndel data\n" + ALONE
        process, (pid,) = _start(code, 1)
        with process:
            assert 1 << 28 < descendants.peak_memory(pid) < 1 << 30
            process.kill()
        assert descendants.peak_memory(pid) == 0

    def test_where_the_kernel_does_not_say(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(descendants, "_PROC", tmp_path)
        assert descendants.peak_memory(7) == 0
        (tmp_path / "7").mkdir()
        (tmp_path / "7" / "status").write_text("Name:\tpython\nState:\tR (running)\n")
        assert descendants.peak_memory(7) == 0
        (tmp_path / "7" / "status").write_text("Name:\tpython\nVmPeak:\t    12 kB\nVmSize:\t     8 kB\n")
        assert descendants.peak_memory(7) == 12 * 1024


class TestElsewhere:
    @pytest.fixture(autouse=True)
    def _platform(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "darwin")

    def test_the_root_and_its_group_are_killed(self) -> None:
        process, (pid,) = _start(ALONE, 1)
        with process:
            Family(pid).kill()
            assert process.wait(20) == -9


def test_where_the_end_of_a_process_has_no_descriptor(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_pid: int) -> int:
        raise OSError

    monkeypatch.setattr(os, "pidfd_open", refuse, raising=False)
    assert exit_descriptor(os.getpid()) is None
    monkeypatch.setattr(sys, "platform", "darwin")
    assert exit_descriptor(os.getpid()) is None
