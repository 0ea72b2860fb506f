"""The canaries against a box that plays a script, and against the real one."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import HostError
from grader.sandbox import Delivered, Gone, Layer, Needs, Noise, Overdue, ProcessBox, Reply
from grader.sandbox.canaries import Attempt, judge
from grader.worker import letters
from grader.worker.wall.layers import EVERY_LAYER

LOADED = Delivered((letters.LOADED, [], {"double": []}), 0.1, "")
DOUBLED = Delivered((letters.RETURNED, 1, np.array([0.0, 2.0, 4.0]), []), 0.1, "")
STANDING = (Layer("landlock", in_force=True, detail="ABI 6"), Layer("seccomp", in_force=False, detail="none here"))

Attack = Callable[[Path, Path], Reply]


def probed(*attempts: tuple[str, bool, str, list[str]]) -> Attack:
    return lambda _file, _folder: Delivered((letters.PROBED, list(attempts)), 0.1, "")


HELD = probed(("read a file", True, "refused", ["landlock"]), ("fork", True, "refused", ["seccomp"]))


@dataclass
class FakeBox:
    """A box with one worker, which answers from a list, and to the attacking canary as `attack` says."""

    good: list[Reply] = field(default_factory=lambda: [LOADED, DOUBLED])
    attack: Attack = HELD
    standing: tuple[Layer, ...] = STANDING
    started: list[Needs] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)
    closed: bool = False

    def layers(self) -> tuple[Layer, ...]:
        return self.standing

    def start(self, needs: Needs) -> FakeBox:
        self.started.append(needs)
        return self

    def ask(self, letter: Any, seconds: float) -> Reply:
        assert 0 < seconds < 60
        self.asked.append(letter)
        if letter[0] != letters.PROBE:
            return self.good.pop(0)
        file, folder = map(Path, letter[1:3])
        assert file.parent == folder
        assert len(file.read_text()) == 32
        return self.attack(file, folder)

    def ask_all(self, *_: object) -> list[Reply]:
        raise AssertionError("canaries are asked one thing at a time")

    def near_memory_limit(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True


def _refused(box: FakeBox) -> str:
    with pytest.raises(HostError) as caught:
        judge(box)
    assert box.closed
    return str(caught.value)


def test_what_was_tried_comes_back() -> None:
    box = FakeBox()
    assert judge(box) == (
        Attempt("read a file", held=True, detail="refused", layers=("landlock",)),
        Attempt("fork", held=True, detail="refused", layers=("seccomp",)),
    )
    assert [letter[0] for letter in box.asked] == [letters.LOAD, letters.CALL, letters.PROBE]
    assert box.closed


def test_the_attacker_asks_for_more_memory_than_there_is() -> None:
    box = FakeBox()
    judge(box)
    assert box.asked[-1][3] > box.started[0].memory_mb << 20


def test_nothing_is_left_in_the_machine() -> None:
    places = []

    def attack(file: Path, folder: Path) -> Reply:
        places.extend([file, folder])
        return HELD(file, folder)

    judge(FakeBox(attack=attack))
    assert not any(place.exists() for place in places)


class TestTheGoodOne:
    @pytest.mark.parametrize(
        "reply",
        [
            Delivered((letters.RETURNED, 1, np.array([0.0, 2.0, 5.0]), []), 0.1, ""),
            Delivered((letters.RETURNED, 1, np.array([[0.0, 2.0, 4.0]]), []), 0.1, ""),
            Delivered((letters.RETURNED, 2, np.array([0.0, 2.0, 4.0]), []), 0.1, ""),
            Delivered((letters.RETURNED, 1, [0.0, 2.0, 4.0], []), 0.1, ""),
            Delivered((letters.RAISED, 1, "ImportError", "numpy", 1, "import numpy", ""), 0.1, ""),
            Delivered((letters.MISSING, 1, [], ""), 0.1, ""),
            Delivered("double", 0.1, ""),
            Overdue(30.0, ""),
            Gone(-31, 0.1, ""),
            Noise("junk", 0.1, ""),
        ],
        ids=lambda reply: str(getattr(reply, "letter", reply))[:40],
    )
    def test_it_must_be_answered_for(self, reply: Reply) -> None:
        box = FakeBox([LOADED, reply])
        assert _refused(box).startswith("a call in the sandbox does not come back as it should: ")
        assert box.asked[-1][0] == letters.CALL

    @pytest.mark.parametrize("reply", [Overdue(30.0, ""), Gone(-31, 0.1, ""), Noise("junk", 0.1, "")])
    def test_a_worker_that_ends_at_its_load_is_not_asked_again(self, reply: Reply) -> None:
        box = FakeBox([reply])
        assert str(reply) in _refused(box)
        assert [letter[0] for letter in box.asked] == [letters.LOAD]


class TestTheOther:
    def test_what_a_standing_layer_should_have_stopped_ends_the_run(self) -> None:
        attack = probed(
            ("fork", True, "refused", ["seccomp"]),
            ("read a file", False, "the key", ["landlock", "uid"]),
            ("signal the parent", False, "", ["seccomp", "landlock"]),
        )
        assert _refused(FakeBox(attack=attack)) == (
            "the sandbox does not hold: read a file (the key) in spite of landlock, uid; "
            "signal the parent () in spite of seccomp, landlock"
        )

    def test_what_no_standing_layer_could_have_stopped_is_told(self) -> None:
        attack = probed(("fork", False, "process 7", ["seccomp"]), ("gain", False, "", []))
        assert [attempt.held for attempt in judge(FakeBox(attack=attack))] == [False, False]

    @pytest.mark.parametrize(
        "reply",
        [
            Delivered((letters.PROBED, "all held"), 0.1, ""),
            Delivered((letters.RETURNED, 1, [], []), 0.1, ""),
            Delivered(None, 0.1, ""),
            Overdue(30.0, ""),
            Gone(-31, 0.1, ""),
            Noise("junk", 0.1, ""),
        ],
    )
    def test_it_must_come_back(self, reply: Reply) -> None:
        assert str(reply) in _refused(FakeBox(attack=lambda _file, _folder: reply))

    def test_it_must_not_leave_a_mark(self) -> None:
        def write(file: Path, folder: Path) -> Reply:
            file.write_text("changed")
            return HELD(file, folder)

        def open_up(file: Path, folder: Path) -> Reply:
            file.chmod(0o777)
            return HELD(file, folder)

        for attack in (write, open_up):
            assert "left its mark" in _refused(FakeBox(attack=attack))

    def test_it_must_not_print_the_secret(self) -> None:
        def tell(file: Path, folder: Path) -> Reply:
            reply = HELD(file, folder)
            assert isinstance(reply, Delivered)
            return Delivered(reply.letter, 0.1, f"it is {file.read_text()}")

        assert "left its mark" in _refused(FakeBox(attack=tell))


def test_a_box_that_cannot_start_one_says_so() -> None:
    class NoBox(FakeBox):
        def start(self, needs: Needs) -> FakeBox:
            raise HostError(f"no room for {needs.memory_mb} MiB")

    with pytest.raises(HostError, match="no room for 512 MiB"):
        judge(NoBox())


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's wall")
class TestReal:
    def test_both_are_held(self) -> None:
        with contextlib.closing(ProcessBox()) as box:
            attempts = judge(box)
            standing = {layer.name for layer in box.layers() if layer.in_force}
        assert len(attempts) > 30
        assert {
            attempt.what for attempt in attempts if not attempt.held and standing & set(attempt.layers)
        } == set()

    def test_without_a_wall_the_attacker_succeeds_and_every_layer_says_that_it_is_off(self) -> None:
        with contextlib.closing(ProcessBox("off")) as box:
            attempts = judge(box)
            assert {layer.in_force for layer in box.layers()} == {False}
        assert {"read a file", "fork", "start a thread"} <= {item.what for item in attempts if not item.held}

    def test_a_layer_that_says_it_stands_and_does_not_is_found_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with contextlib.closing(ProcessBox("off")) as box:
            claimed = tuple(Layer(name, in_force=True, detail="") for name in sorted(EVERY_LAYER))
            monkeypatch.setattr(box, "layers", lambda: claimed)
            with pytest.raises(HostError, match=r"does not hold: .*read a file .* in spite of landlock"):
                judge(box)
            assert box._uids == {}
