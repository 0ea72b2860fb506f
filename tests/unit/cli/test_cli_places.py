"""A container's folders: what is read from them, what is closed."""

from __future__ import annotations

import dataclasses
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from container_folder import GOOD, Container

from grader.cli import autograder, places
from grader.grade import grade
from grader.key import Compilation, compile_rubric
from grader.rubric import load_rubric


@pytest.fixture(scope="module")
def compiled(make_small: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Compilation:
    file = make_small(tmp_path_factory.mktemp("exam")) / "rubrics" / "small.yaml"
    return compile_rubric(load_rubric(file), file.parent)


@pytest.fixture
def made(tmp_path: Path, compiled: Compilation, monkeypatch: pytest.MonkeyPatch) -> Container:
    monkeypatch.setattr(autograder, "close_to_tracers", lambda: None)
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(signal, "signal", lambda *_: before)
    return Container(tmp_path / "autograder", compiled)


@pytest.mark.parametrize("name", ["plan", "key", "settings.json"])
@pytest.mark.parametrize("content", [None, b"", b"\x00junk", b"{"])
def test_a_damaged_exam_is_staff_s_matter(
    made: Container, name: str, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = made.root / "source" / "exam" / name
    file.unlink() if content is None else file.write_bytes(content)
    made.hand_in(homework=GOOD)
    assert made.run() == 3
    assert "This is not your mark. Tell course staff" in str(made.results().output)
    assert "autograder: status 3" in capsys.readouterr().out


def test_plan_and_key_of_two_exams(made: Container) -> None:
    other = dataclasses.replace(made.compiled.plan, title="Another")
    (made.root / "source" / "exam" / "plan").write_bytes(other.dump())
    assert made.run() == 3
    assert made.results().score == 0.0


@pytest.mark.parametrize(
    ("said", "most"), [("536870912", 256), ("1", 192), ("max", 512), (str(1 << 62), 512), (str(1 << 30), 512)]
)
def test_a_worker_fits_into_the_container_s_memory(
    made: Container, said: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "memory.max").write_text(f"{said}\n")
    monkeypatch.setattr(places, "_CGROUPS", (str(tmp_path / "none"), str(tmp_path / "memory.max")))
    loaded = places.Places.under(made.root).load()
    assert loaded.exam.plan.limits.memory_mb == most
    assert loaded.exam.provenance.plan == made.compiled.plan.digest


def test_the_folders_are_closed_while_a_submission_runs(made: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    original = grade

    def looking(*arguments: Any) -> Any:
        names = ("results", "submission", "submission_metadata.json")
        modes.extend((made.root / name).stat().st_mode & 0o777 for name in names)
        return original(*arguments)

    monkeypatch.setattr("grader.cli.container.grade", looking)
    made.hand_in(homework=GOOD)
    made.tell()
    assert made.run() == 0
    assert modes == [0o700, 0o700, 0o600]
    assert (made.root / "results").stat().st_mode & 0o777 == 0o755
    assert (made.root / "results" / "results.json").stat().st_mode & 0o777 == 0o644
