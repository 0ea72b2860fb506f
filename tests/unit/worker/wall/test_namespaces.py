from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from grader.worker.wall import kernel, namespaces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Walled

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's namespaces")
INTERFACES = "import socket; report([name for _, name in socket.if_nameindex()])"


@pytest.mark.parametrize("who", ["walled", "ordinary"])
def test_there_is_no_network(request: pytest.FixtureRequest, who: str) -> None:
    run: Walled = request.getfixturevalue(who)
    said = run(
        'report(layers["namespaces"].in_force, layers["namespaces"].detail)'.replace(
            ", layers", "); report(layers"
        )
        + "\n"
        + INTERFACES,
        layers=["namespaces"],
    )
    if not said[0]:
        pytest.skip(said[1])
    assert said[2] == ["lo"]


def test_an_ordinary_user_stays_who_they_are(ordinary: Walled) -> None:
    code = 'report(layers["namespaces"].in_force); report(os.getuid()); report(open("/etc/hostname").read() != "")'
    said = ordinary(code, layers=["namespaces"])
    if not said[0]:
        pytest.skip("no user namespaces here")
    assert said[1] not in {0, 65535}
    assert ordinary("report(os.getuid())", layers=[])[0] == said[1]


def test_who_is_not_root_needs_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "getegid", lambda: 100)
    monkeypatch.setattr(namespaces, "set_dumpable", lambda is_it: done.append(f"dumpable {is_it}"))
    monkeypatch.setattr(kernel, "unshare", lambda flags: done.append(f"unshare {flags:x}"))
    monkeypatch.setattr(namespaces, "_write", lambda name, text: done.append(f"{name} {text}"))
    assert namespaces.enforce().startswith("user, ")
    assert done == [
        "dumpable True",
        "unshare 5c020000",
        "setgroups deny",
        "uid_map 1000 1000 1",
        "gid_map 100 100 1",
    ]


def test_root_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    flags: list[int] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(kernel, "unshare", flags.append)
    namespaces.enforce()
    assert flags == [namespaces.ALL_BUT_USER]


def test_why_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    switch = tmp_path / "switch"
    monkeypatch.setattr(namespaces, "UBUNTU_SWITCH", switch)
    monkeypatch.setattr(namespaces, "rehearse", lambda _: None)
    assert namespaces.why_not() is None
    monkeypatch.setattr(namespaces, "rehearse", lambda _: "Permission denied")
    assert namespaces.why_not() == "Permission denied"
    switch.write_text("0\n")
    assert namespaces.why_not() == "Permission denied"
    switch.write_text("1\n")
    assert namespaces.why_not() == "Permission denied (AppArmor restricts user namespaces here)"


def test_writing_a_map_that_is_not_ours_to_write() -> None:
    with pytest.raises(OSError, match="Invalid argument"):
        namespaces._write("oom_score_adj", "nonsense")


def test_ipc_and_host_name_are_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setattr(kernel, "unshare", done.append)
    assert namespaces.renew() == "IPC and host name each worker's own"
    assert done == [0x8000000 | 0x4000000]


def test_by_effect_nothing_is_left_in_them(in_child: Callable[[Callable[[], Any]], Any]) -> None:
    def run() -> tuple[int, int, int] | None:
        libc = ctypes.CDLL(None)
        try:
            namespaces.enforce()
        except OSError:
            return None
        made = libc.shmget(4711, 4096, 0o1600)
        before = libc.shmget(4711, 0, 0)
        namespaces.renew()
        return made, before, libc.shmget(4711, 0, 0)

    found = in_child(run)
    if found is None:
        pytest.skip("no namespaces here")
    made, before, after = found
    assert made == before >= 0
    assert after == -1
