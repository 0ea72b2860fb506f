from __future__ import annotations

import errno
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.worker.wall import kernel, landlock
from grader.worker.wall.landlock import Allowed, attributes, build, describe, files_handled

if TYPE_CHECKING:
    from conftest import Walled

ALONE = ["no_new_privs", "landlock"]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux's Landlock")


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def have() -> int:
    return landlock.abi() if landlock.why_not() is None else 0


def test_attributes_grow_with_the_version() -> None:
    assert [len(attributes(version)) for version in range(1, 9)] == [8, 8, 8, 16, 16, 24, 24, 24]
    assert struct.unpack("=3Q", attributes(7)) == (0xFFFF, 3, 3)
    assert struct.unpack("=Q", attributes(1)) == (0x1FFF,)


def test_rights_that_a_version_knows() -> None:
    assert files_handled(2) & landlock.REFER
    assert not files_handled(2) & landlock.TRUNCATE
    assert files_handled(3) & landlock.TRUNCATE
    assert not files_handled(4) & landlock.IOCTL_DEV
    assert files_handled(20) == files_handled(5)


def test_nothing_may_be_executed() -> None:
    assert not (landlock.READ | landlock.SCRATCH | landlock.DEVICE) & landlock.EXECUTE


def test_description() -> None:
    assert describe(7) == "ABI 7"
    assert describe(4) == "ABI 4, too old for device ioctls, signals and abstract sockets"
    assert describe(1).startswith("ABI 1, too old for truncating, TCP")


def test_a_machine_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: Any, **__: Any) -> int:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(kernel, "syscall", missing)
    assert landlock.why_not() == "no Landlock: Function not implemented"


@LINUX
def test_building_leaves_one_descriptor(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    before = descriptors()
    ruleset = build(Allowed((tmp_path, file, tmp_path / "none"), (file, tmp_path), (tmp_path,), (file,)))
    assert descriptors() == before + 1
    ruleset.close()
    assert descriptors() == before


@LINUX
def test_a_refused_rule_leaves_no_descriptor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = descriptors()
    monkeypatch.setattr(landlock, "PATH_BENEATH", 99)
    with pytest.raises(OSError, match="landlock_add_rule"):
        build(Allowed((tmp_path,)))
    assert descriptors() == before


@LINUX
def test_enforcing_is_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(kernel, "syscall", lambda *arguments, **_: calls.append(arguments))
    assert landlock.enforce(landlock.Ruleset(12, 3)).startswith("ABI 3")
    assert calls == [(landlock.RESTRICT_SELF, 12, 0)]


EVERY_ABI = pytest.mark.parametrize("abi", range(1, max(have(), 1) + 1)) if sys.platform == "linux" else LINUX


@LINUX
@EVERY_ABI
def test_files_outside_are_out_of_reach(walled: Walled, secret: Path, abi: int) -> None:
    code = f"""
path = {str(secret)!r}
attempt(lambda: open(path).read())
attempt(lambda: os.listdir(os.path.dirname(path)))
attempt(lambda: open(path, "a").close())
attempt(lambda: open(path + "2", "w").close())
attempt(lambda: os.unlink(path))
attempt(lambda: open("/etc/passwd").read())
attempt(lambda: open(f"/proc/{{os.getppid()}}/environ").read())
attempt(lambda: open("/proc/self/maps").read())
attempt(lambda: os.execv("/bin/true", ["true"]))
"""
    said = walled(code, layers=ALONE, abi=abi)
    assert len(said) == 9
    assert all("PermissionError" in each for each in said)
    assert secret.read_text() == "the key"
    assert [path.name for path in secret.parent.iterdir()] == [secret.name]


@LINUX
@EVERY_ABI
def test_reading_and_throwing_away_work(walled: Walled, abi: int) -> None:
    code = """
attempt(lambda: len(open("/dev/urandom", "rb").read(4)))
attempt(lambda: open(os.devnull, "w").write("x"))
attempt(lambda: bool(__import__("decimal").Decimal(1)))
attempt(lambda: bool(__import__("sqlite3").connect))
"""
    assert walled(code, layers=ALONE, abi=abi) == [4, 1, True, True]


@LINUX
@EVERY_ABI
def test_a_submission_can_be_read_and_a_scratch_folder_written(walled: Walled, tmp_path: Path, abi: int) -> None:
    submission, scratch = tmp_path / "submission", tmp_path / "scratch"
    for folder in (submission, scratch):
        folder.mkdir()
    (submission / "data.csv").write_text("1,2")
    code = f"""
submission, scratch = {str(submission)!r}, {str(scratch)!r}
attempt(lambda: open(submission + "/data.csv").read())
attempt(lambda: open(submission + "/data.csv", "w").close())
attempt(lambda: open(scratch + "/a", "w").write("some"))
attempt(lambda: os.rename(scratch + "/a", scratch + "/b"))
attempt(lambda: os.mkdir(scratch + "/folder"))
attempt(lambda: os.symlink("/etc/passwd", scratch + "/link"))
attempt(lambda: os.mkfifo(scratch + "/pipe"))
attempt(lambda: open(submission + "/../other", "w").close())
"""
    said = walled(code, layers=[*ALONE, "seccomp", "limits"], abi=abi, submission=submission, scratch=scratch,
                  limits={"file_bytes": 1 << 20})  # fmt: skip
    assert said[0] == "1,2"
    assert "PermissionError" in said[1]
    assert said[2:5] == [4, None, None]
    assert all("PermissionError" in each for each in said[5:])


@LINUX
def test_the_network_and_signals(walled: Walled) -> None:
    code = """
import socket
server = socket.socket()
attempt(lambda: server.bind(("127.0.0.1", 0)))
attempt(lambda: os.kill(os.getppid(), 0))
"""
    if have() < 6:
        pytest.skip("this kernel's Landlock knows nothing of signals")
    assert all("PermissionError" in each for each in walled(code, layers=ALONE))


@LINUX
def test_it_binds_an_ordinary_user(ordinary: Walled, secret: Path) -> None:
    code = f"attempt(lambda: open({str(secret)!r}).read())"
    assert ordinary(code, layers=[]) == ["the key"]
    assert "PermissionError" in ordinary(code, layers=ALONE)[0]
