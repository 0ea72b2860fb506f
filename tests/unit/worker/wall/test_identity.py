from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from grader.worker.wall import identity, kernel
from grader.worker.wall.rehearsal import rehearse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Walled

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's identities")
AS_ROOT = pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs root")
CAPABILITIES = 'report([line.split()[1] for line in open("/proc/self/status") if line.startswith("Cap")])'
NONE = "0" * 16


@AS_ROOT
def test_becoming_another_user(secret: Path) -> None:
    secret.chmod(0o600)

    def in_child() -> None:
        identity.become(64001, 64002)
        assert os.getresuid() == (64001,) * 3
        assert os.getresgid() == (64002,) * 3
        assert os.getgroups() == []
        with pytest.raises(PermissionError):
            secret.read_text()
        with pytest.raises(PermissionError):
            os.setuid(0)

    assert rehearse(in_child) is None


def test_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups before the uid, since nobody else may change them."""
    done: list[str] = []
    monkeypatch.setattr(os, "setgroups", lambda groups: done.append(f"groups {groups}"))
    for name in ("setresgid", "setresuid", "setgid", "setuid"):
        monkeypatch.setattr(os, name, lambda *ids, name=name: done.append(f"{name} {ids}"))
    identity.become(7, 8)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert identity.become(7, 8) == "uid 7, gid 8, no groups"
    assert done == [
        "groups []",
        "setresgid (8, 8, 8)",
        "setresuid (7, 7, 7)",
        "groups []",
        "setgid (8,)",
        "setuid (7,)",
    ]


def test_only_root_can() -> None:
    if os.geteuid() != 0:
        assert identity.why_not_become(64001, 64001, []) == "only root can change to another user"


def test_not_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert identity.why_not_become(64001, 64001, []) == "only root can change to another user"


@AS_ROOT
def test_a_private_home_on_the_way(tmp_path: Path) -> None:
    home = tmp_path / "home"
    library = home / "lib"
    library.mkdir(parents=True)
    home.chmod(0o700)
    reason = identity.why_not_become(64001, 64001, [library])
    assert reason == f"{library} would be out of reach (Permission denied): imports would fail"
    assert identity.why_not_become(64001, 64001, []) is None


@AS_ROOT
def test_somebody_elses_home_needs_a_capability(tmp_path: Path) -> None:
    library = tmp_path / "home" / "lib"
    library.mkdir(parents=True)
    os.chown(library.parent, 64003, 64003)
    library.parent.chmod(0o700)
    assert "would be out of reach" in str(identity.why_not_drop([library]))
    assert identity.why_not_drop([tmp_path]) is None


class TestRehearsed:
    """What a rehearsal does, in a child that tells which lines it came by."""

    @pytest.fixture(autouse=True)
    def _told(self, in_child: Callable[[Callable[[], Any]], Any], monkeypatch: pytest.MonkeyPatch) -> None:
        def told(action: Callable[[], object]) -> str | None:
            def run() -> str | None:
                try:
                    action()
                except OSError as error:
                    return str(error)
                return None

            result: str | None = in_child(run)
            return result

        monkeypatch.setattr(identity, "rehearse", told)

    def test_capabilities(self, tmp_path: Path) -> None:
        assert identity.why_not_drop([tmp_path, tmp_path.parent]) is None
        gone = tmp_path / "gone"
        reason = f"{gone} would be out of reach (No such file or directory): imports would fail"
        assert identity.why_not_drop([tmp_path, gone]) == reason

    @AS_ROOT
    def test_another_user(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o700)
        assert "would be out of reach" in str(identity.why_not_become(64001, 64001, [tmp_path / "lib"]))
        assert identity.why_not_become(64001, 64001, []) is None


@pytest.mark.parametrize("who", ["walled", "ordinary"])
def test_no_capability_is_left(request: pytest.FixtureRequest, who: str) -> None:
    run: Walled = request.getfixturevalue(who)
    (sets,) = run(CAPABILITIES, layers=["capabilities"])
    assert sets[:3] == [NONE] * 3  # inheritable, permitted, effective
    assert sets[4] == NONE  # ambient
    if who == "walled" and os.geteuid() == 0:
        assert sets[3] == NONE  # bounding


def test_a_namespaces_capabilities_go_too(ordinary: Walled) -> None:
    (sets,) = ordinary(CAPABILITIES, layers=["namespaces", "capabilities"])
    assert sets == [NONE] * 5 or sets[:3] == [NONE] * 3


def test_the_bounding_set_ends_where_the_kernel_says(monkeypatch: pytest.MonkeyPatch) -> None:
    dropped: list[int] = []

    def prctl(option: int, capability: int) -> int:
        if option == kernel.PR_CAPBSET_READ:
            return 1
        if capability == 5:
            raise OSError(errno.EINVAL, "")
        dropped.append(capability)
        return 0

    monkeypatch.setattr(kernel, "prctl", prctl)
    identity.empty_bounding_set()
    assert dropped == [0, 1, 2, 3, 4]


def test_an_empty_bounding_set_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def prctl(option: int, _: int) -> int:
        asked.append(option)
        return 0

    monkeypatch.setattr(kernel, "prctl", prctl)
    identity.empty_bounding_set()
    assert asked == [kernel.PR_CAPBSET_READ]


def test_other_errors_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    def prctl(option: int, _: int) -> int:
        if option == kernel.PR_CAPBSET_READ:
            return 1
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(kernel, "prctl", prctl)
    with pytest.raises(OSError, match="broken"):
        identity.empty_bounding_set()


def test_dropping(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []
    monkeypatch.setattr(identity, "empty_bounding_set", lambda: done.append("bounding"))
    monkeypatch.setattr(kernel, "prctl", lambda *arguments: done.append(arguments))
    monkeypatch.setattr(kernel, "capset", lambda header, sets: done.append((len(header), sets)))
    assert identity.drop_capabilities() == "none left"
    assert done == ["bounding", (kernel.PR_CAP_AMBIENT, 4), (8, bytes(24))]
