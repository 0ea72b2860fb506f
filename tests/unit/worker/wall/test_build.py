from __future__ import annotations

import dataclasses
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from grader.worker.wall import descriptors, identity, landlock, limits, namespaces, process, seccomp
from grader.worker.wall.build import WallPlan, for_submission, prepare, raise_wall
from grader.worker.wall.layers import EVERY_LAYER, OPEN_WITHOUT, LayerName, WallError
from grader.worker.wall.policy import Opens
from grader.worker.wall.roots import Roots
from grader.worker.wall.syscalls import X86_64

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Walled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="tests play other systems from here")
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux's wall")
NOWHERE = Roots(())


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A machine on which every layer works and none has an effect."""
    steps: list[str] = []

    def step(name: str) -> Callable[..., str]:
        def run(*_: Any, **__: Any) -> str:
            steps.append(name)
            return f"{name} is up"

        return run

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(descriptors, "close_all_but", step("descriptors"))
    monkeypatch.setattr(process, "own_session", step("session"))
    monkeypatch.setattr(namespaces, "enforce", step("namespaces"))
    monkeypatch.setattr(identity, "become", step("uid"))
    monkeypatch.setattr(identity, "drop_capabilities", step("capabilities"))
    monkeypatch.setattr(identity, "empty_bounding_set", step("bounding set"))
    monkeypatch.setattr(process, "die_with", step("parent"))
    monkeypatch.setattr(process, "set_dumpable", step("undumpable"))
    monkeypatch.setattr(limits, "enforce", step("limits"))
    monkeypatch.setattr(process, "no_new_privileges", step("no_new_privs"))
    monkeypatch.setattr(landlock, "enforce", step("landlock"))
    monkeypatch.setattr(landlock, "build", lambda *_: landlock.Ruleset(os.open("/dev/null", os.O_RDONLY), 7))
    monkeypatch.setattr(seccomp, "enforce", step("seccomp"))
    monkeypatch.setattr(seccomp, "native", lambda: X86_64)
    for module in (landlock, seccomp, namespaces):
        monkeypatch.setattr(module, "why_not", lambda: None)
    monkeypatch.setattr(identity, "why_not_become", lambda *_: None)
    monkeypatch.setattr(identity, "why_not_drop", lambda *_: None)
    monkeypatch.setattr(process, "threads", lambda: 1)
    return steps


def up(plan: WallPlan, *, settle: bool = False) -> dict[str, Any]:
    return {layer.name: layer for layer in raise_wall(prepare(plan, settle=settle), parent=1, uid=None)}


def test_the_order(done: list[str]) -> None:
    layers = up(WallPlan(NOWHERE, uid=64001))
    assert done == list(OPEN_WITHOUT) == list(layers)
    assert all(layer.in_force for layer in layers.values())
    assert done.index("uid") < done.index("parent")  # a change of identity makes the kernel forget it
    assert done.index("namespaces") < done.index("undumpable")  # who is not dumpable cannot write its maps
    assert done[-3:] == ["no_new_privs", "landlock", "seccomp"]


@pytest.mark.parametrize("name", sorted(EVERY_LAYER - {"no_new_privs"}))
def test_every_layer_can_be_left_out(done: list[str], name: LayerName) -> None:
    layer = up(WallPlan(NOWHERE, EVERY_LAYER - {name}, uid=64001))[name]
    assert name not in done
    assert (layer.wanted, layer.in_force, layer.detail) == (False, False, "switched off")


def test_landlock_and_seccomp_need_no_new_privileges(done: list[str]) -> None:
    layer = up(WallPlan(NOWHERE, EVERY_LAYER - {"no_new_privs"}))["no_new_privs"]
    assert "no_new_privs" in done
    assert (layer.wanted, layer.in_force) == (False, True)
    done.clear()
    up(WallPlan(NOWHERE, EVERY_LAYER - {"no_new_privs", "landlock", "seccomp"}))
    assert "no_new_privs" not in done


def test_what_cannot_be_had_is_reported(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespaces, "why_not", lambda: "EPERM, all")
    layers = up(WallPlan(NOWHERE))
    assert (layers["namespaces"].wanted, layers["namespaces"].in_force) == (True, False)
    assert layers["namespaces"].detail == "EPERM, all"
    assert layers["uid"].detail == "no other uid was asked for"
    assert "namespaces" not in done


def test_an_unreachable_interpreter_keeps_the_uid(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "why_not_become", lambda uid, gid, _: f"{uid} {gid} out of reach")
    assert up(WallPlan(NOWHERE, uid=64001))["uid"].detail == "64001 64001 out of reach"
    assert "uid" not in done


@pytest.mark.parametrize("error", [OSError("no"), process.ParentGoneError("no")])
def test_what_fails_though_it_is_there_is_an_error(
    done: list[str], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(_: int) -> str:
        raise error

    monkeypatch.setattr(process, "die_with", fail)
    with pytest.raises(WallError, match="parent: no"):
        up(WallPlan(NOWHERE))
    assert "seccomp" not in done


def test_each_child_may_have_its_own_uid(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    ids: list[tuple[int, int]] = []

    def become(uid: int, gid: int) -> str:
        ids.append((uid, gid))
        return ""

    monkeypatch.setattr(identity, "become", become)
    prepared = prepare(WallPlan(NOWHERE, uid=64001))
    raise_wall(prepared, parent=1, uid=64007)
    assert ids == [(64007, 64007)]


def test_threads_that_run_already_are_refused(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "threads", lambda: 2)
    with pytest.raises(WallError, match="2 threads"):
        up(WallPlan(NOWHERE))
    assert done == []
    up(WallPlan(NOWHERE, frozenset({"session"})))  # a session binds them all


def test_a_settled_zygotes_children_inherit(done: list[str]) -> None:
    prepared = prepare(WallPlan(NOWHERE), settle=True)
    assert done == ["namespaces", "bounding set", "undumpable"]
    done.clear()
    layers = {layer.name: layer for layer in raise_wall(prepared, parent=1)}
    assert "namespaces" not in done
    assert layers["namespaces"].in_force
    assert layers["namespaces"].detail == "namespaces is up; put up in advance"


def test_what_they_could_leave_something_in_they_get_anew(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = dataclasses.replace(prepare(WallPlan(NOWHERE), settle=True), settler=-1)

    def renew() -> str:
        done.append("anew")
        return "IPC anew"

    monkeypatch.setattr(namespaces, "renew", renew)
    done.clear()
    layers = {layer.name: layer for layer in raise_wall(prepared, parent=1)}
    assert done[:3] == ["descriptors", "session", "anew"]
    assert layers["namespaces"].detail == "IPC anew; namespaces is up; put up in advance"
    refused = dataclasses.replace(prepared, plan=dataclasses.replace(prepared.plan, layers=frozenset({"session"})))
    done.clear()
    raise_wall(refused, parent=1)
    assert "anew" not in done


def test_a_zygote_that_cannot_settle(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise OSError("no")

    monkeypatch.setattr(namespaces, "enforce", fail)
    with pytest.raises(WallError, match="settling: no"):
        prepare(WallPlan(NOWHERE), settle=True)


def test_landlock_that_refuses_the_plan(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError("no")

    monkeypatch.setattr(landlock, "build", fail)
    with pytest.raises(WallError, match="landlock: no"):
        prepare(WallPlan(NOWHERE))


def test_who_decides_about_writing(done: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bounded = prepare(WallPlan(NOWHERE, scratch=tmp_path)).filter
    assert bounded is not None
    assert (bounded.opens, bounded.scratch) == (Opens.LANDLOCK, True)
    monkeypatch.setattr(landlock, "why_not", lambda: "no Landlock")
    alone = prepare(WallPlan(NOWHERE, scratch=tmp_path)).filter
    assert alone is not None
    assert (alone.opens, alone.scratch) == (Opens.READ_ONLY, False)


def test_other_folders_for_one_submission(
    done: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[landlock.Allowed] = []
    monkeypatch.setattr(landlock, "build", lambda allowed, _: asked.append(allowed))
    general = prepare(WallPlan(Roots((tmp_path,))))
    special = for_submission(general, tmp_path / "submission", tmp_path / "scratch")
    assert special.unavailable is general.unavailable
    assert asked[1].read == (tmp_path, tmp_path / "submission")
    assert asked[1].scratch == (tmp_path / "scratch",)
    assert special.filter is not None
    assert special.filter.scratch
    general.close()


def test_macos_has_a_session_and_limits(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    layers = up(WallPlan(NOWHERE))
    assert done == ["descriptors", "session", "limits"]
    assert layers["landlock"].detail == "only Linux has Landlock"


def test_windows_has_none(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    layers = up(WallPlan(NOWHERE, uid=64001))
    assert done == []
    assert not any(layer.in_force for layer in layers.values())
    assert all(layer.detail.startswith("Windows has no ") for layer in layers.values())


@ON_LINUX
@pytest.mark.parametrize("settle", [False, True])
@pytest.mark.parametrize("who", ["walled", "ordinary"])
def test_all_of_it(request: pytest.FixtureRequest, who: str, *, settle: bool) -> None:
    run: Walled = request.getfixturevalue(who)
    (layers,) = run("report({name: (each.in_force, each.detail) for name, each in layers.items()})", settle=settle)
    missing = {name: detail for name, (in_force, detail) in layers.items() if not in_force}
    assert set(missing) <= {"uid", "namespaces"}, missing


@ON_LINUX
@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs root")
def test_root_becomes_another_user_or_says_why(walled: Walled) -> None:
    in_force, detail, uid = walled(
        'report(layers["uid"].in_force); report(layers["uid"].detail); report(os.getuid())', uid=64001
    )
    assert uid == (64001 if in_force else 0)
    assert in_force or "out of reach" in detail


@ON_LINUX
def test_a_real_thread_is_noticed() -> None:
    wait = threading.Event()
    thread = threading.Thread(target=wait.wait)
    thread.start()
    try:
        with pytest.raises(WallError, match="threads run"):
            raise_wall(prepare(WallPlan(NOWHERE, frozenset({"landlock"}))), parent=os.getppid())
    finally:
        wait.set()
        thread.join()
