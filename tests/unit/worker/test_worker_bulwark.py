"""Walls are put up in children here: they cannot be taken down again."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.worker import bulwark, letters
from grader.worker.bulwark import Bulwark, WallError
from grader.worker.wall.build import Prepared
from grader.worker.wall.layers import EVERY_LAYER, OPEN_WITHOUT, Layer
from grader.worker.wall.limits import Limits
from grader.worker.wall.probe import Outside
from grader.worker.wall.roots import read_roots

InChild = Callable[[Callable[[], Any]], Any]
ROOMY = Limits(memory_bytes=8 << 30, file_bytes=1 << 20)
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="Linux's wall")


class Recorded:
    """What `raise_wall` was asked for, in place of a wall."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.prepared: list[Prepared] = []
        self.asked: list[dict[str, Any]] = []
        monkeypatch.setattr(bulwark, "raise_wall", self)

    def __call__(self, prepared: Prepared, **asked: Any) -> list[Layer]:
        self.prepared.append(prepared)
        self.asked.append(asked)
        return [
            Layer("landlock", wanted=True, in_force=False, detail="too old"),
            Layer("seccomp", wanted=True, in_force=True, detail="allow-list"),
        ]


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    monkeypatch.setenv("TMPDIR", "")  # so that it is restored
    monkeypatch.delenv("TMPDIR")
    return Recorded(monkeypatch)


def _one(layers: tuple[str, ...] = (), known: dict[str, Any] | None = None, **more: Any) -> Bulwark:
    wanted: Any = layers
    return Bulwark(wanted, more.get("sites", []), more.get("protected", []), os.getpid(), more.get("uid"), known)


class TestLetter:
    def test_it_says_how_each_layer_stands_and_what_is_open(self, recorded: Recorded) -> None:
        kind, layers, left_open, _ = _one().rise(ROOMY, "", "", None, keep={7, 9})
        assert kind == letters.READY
        assert layers == [("landlock", False, "too old"), ("seccomp", True, "allow-list")]
        assert left_open == ["files"]
        assert recorded.asked == [{"parent": os.getpid(), "keep": {7, 9}, "uid": None}]

    @pytest.mark.usefixtures("recorded")
    def test_what_should_be_hidden_and_is_not_is_open_too(self, tmp_path: Path) -> None:
        site = tmp_path / "site"
        (site / "key").mkdir(parents=True)
        known = {"readable": [str(site)], "listable": [], "exposed": [str(site / "key")], "unavailable": {}}
        *_, left_open, told = _one(known=known).rise(ROOMY, "", "", None, keep=set())
        assert left_open == ["files", str(site / "key")]
        assert told == known

    def test_what_it_knows_saves_the_next_one_asking(
        self, recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = tmp_path / "site" / "key"
        key.mkdir(parents=True)
        *_, known = _one(("limits", "uid"), sites=[tmp_path / "site"], protected=[key]).rise(
            ROOMY, "", "", None, keep=set()
        )
        assert known["unavailable"] == {"uid": "no other uid was asked for"}
        assert str(tmp_path / "site") in known["listable"]
        monkeypatch.setattr(bulwark, "read_roots", None)
        *_, again = _one(("limits", "uid"), known=known).rise(ROOMY, "", "", None, keep=set())
        assert again == known
        first, second = recorded.prepared
        assert second.plan == first.plan
        assert first.plan.roots == read_roots([tmp_path / "site"], [key])


class TestPlan:
    @pytest.fixture
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        return tmp_path

    def test_limits_and_layers_are_the_letters(self, recorded: Recorded) -> None:
        limits = Limits(memory_bytes=1 << 29, cpu_seconds=4, file_bytes=5)
        _one(("limits", "session")).rise(limits, "", "", None, keep=set())
        (prepared,) = recorded.prepared
        assert (prepared.plan.limits, prepared.plan.layers) == (limits, frozenset(("limits", "session")))
        assert (prepared.plan.submission, prepared.plan.scratch, prepared.plan.uid) == (None, None, None)

    @pytest.mark.usefixtures("recorded")
    def test_without_folders_nothing_changes(self) -> None:
        here = os.getcwd()  # noqa: PTH109  (as it is spelt)
        _one().rise(ROOMY, "", "", None, keep=set())
        assert os.getcwd() == here  # noqa: PTH109
        assert "TMPDIR" not in os.environ

    @pytest.mark.parametrize(("folder", "scratch"), [("hand-in", ""), ("", "scratch"), ("hand-in", "scratch")])
    def test_folders(self, recorded: Recorded, here: Path, folder: str, scratch: str) -> None:
        paths = {}
        for name in ("hand-in", "scratch"):
            (here / name).mkdir()
            paths[name] = str(here / name)
        _one().rise(ROOMY, paths.get(folder, ""), paths.get(scratch, ""), None, keep=set())
        plan = recorded.prepared[0].plan
        assert plan.submission == (Path(paths[folder]) if folder else None)
        assert plan.scratch == (Path(paths[scratch]) if scratch else None)
        assert os.environ.get("TMPDIR") == paths.get(scratch)
        assert Path.cwd() == Path(paths[folder or scratch])


@linux_only
def test_the_rules_of_all_workers_are_not_left_open_in_one_with_its_own(
    recorded: Recorded, in_child: InChild, tmp_path: Path
) -> None:
    """A zygote's ruleset is every worker's: who holds it and could add to it would open a path for the next."""

    def run() -> tuple[int, int]:
        one = _one(("landlock",))
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
        one.rise(ROOMY, str(tmp_path), "", None, keep=set())
        return before, len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    before, after = in_child(run)
    assert after == before
    assert recorded.asked == []


@linux_only
class TestInForce:
    """Effects, in a child."""

    def _raise(self, action: Callable[[], Any], folder: str = "", scratch: str = "") -> Callable[[], Any]:
        parent = os.getpid()

        def run() -> Any:
            one = Bulwark(sorted(EVERY_LAYER), [], [], parent, None, None)
            ready = one.rise(ROOMY, folder, scratch, None, keep=set())
            return ready, action()

        return run

    def test_every_layer_is_told(self, in_child: InChild) -> None:
        ready, _ = in_child(self._raise(lambda: None))
        kind, layers, left_open, known = ready
        assert kind == letters.READY
        assert [name for name, _, _ in layers] == list(OPEN_WITHOUT)
        standing = {name for name, in_force, _ in layers if in_force}
        assert standing >= {"descriptors", "session", "undumpable", "limits", "no_new_privs"}
        assert left_open == ([] if {"landlock", "seccomp"} <= standing else left_open)
        assert "uid" in known["unavailable"]

    def test_files_beyond_it_are_out_of_reach(self, in_child: InChild, tmp_path: Path) -> None:
        secret = tmp_path / "key"
        secret.write_text("42")
        folder, scratch = tmp_path / "hand-in", tmp_path / "scratch"
        for place in (folder, scratch):
            place.mkdir()
            (place / "x").write_text("mine")

        def tried() -> list[str]:
            found: list[str] = []
            attempts: list[Callable[[], object]] = [
                lambda: Path("x").read_text(),
                lambda: Path("y").write_text("new"),
                lambda: (scratch / "y").write_text("new"),
                lambda: secret.read_text(),  # noqa: PLW0108  (a list of its kind)
            ]
            for attempt in attempts:
                try:
                    found.append(str(attempt()))
                except OSError as error:
                    found.append(type(error).__name__)
            return found

        ready, found = in_child(self._raise(tried, str(folder), str(scratch)))
        if not all(in_force for name, in_force, _ in ready[1] if name in {"landlock", "seccomp"}):
            pytest.skip("this kernel has no Landlock")
        assert found == ["mine", "PermissionError", "3", "PermissionError"]

    def test_a_layer_that_the_machine_has_and_does_not_stand_breaks_it(self, in_child: InChild) -> None:
        def run() -> str:
            # Somebody else's child: the parent to die with has ended already.
            one = Bulwark(["parent"], [], [], 1 << 22, None, None)
            try:
                one.rise(ROOMY, "", "", None, keep=set())
            except WallError as error:
                return str(error)
            return "it stands"

        assert in_child(run) == f"parent: process {1 << 22} has ended"


def test_a_folder_that_is_not_there_breaks_it(recorded: Recorded) -> None:
    with pytest.raises(FileNotFoundError):
        _one().rise(ROOMY, "/nowhere/at/all", "", None, keep=set())
    assert recorded.asked == []


def test_what_was_tried_is_a_letter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    @dataclasses.dataclass
    class Found:
        attempt: str
        held: bool
        detail: str
        closed_by: tuple[str, ...]

    asked = []

    def probe(outside: Any) -> list[Found]:
        asked.append(outside)
        return [Found("fork", held=True, detail="no", closed_by=("seccomp", "limits"))]

    monkeypatch.setattr(bulwark, "probe", probe)
    letter = _one().probe(str(tmp_path / "secret"), str(tmp_path), 99)
    assert letter == (letters.PROBED, [("fork", True, "no", ["seccomp", "limits"])])
    assert asked == [Outside(tmp_path / "secret", tmp_path, os.getpid(), 99)]
