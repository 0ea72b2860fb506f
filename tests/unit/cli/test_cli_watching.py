from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.cli import watching
from grader.errors import HostError, UserError


class Saves:
    """Stands for the library: each time somebody waits, the next thing happens."""

    def __init__(self, *happenings: Callable[[], Any]) -> None:
        self.happenings = happenings
        self.options: dict[str, Any] = {}
        self.places: tuple[Path, ...] = ()

    def watch(self, *places: Path, **options: Any) -> Iterator[set[Any]]:
        self.places, self.options = places, options
        for happening in self.happenings:
            happening()
            yield set()
        raise KeyboardInterrupt


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "submission.py"
    made.write_text("one")
    return made


def _run(monkeypatch: pytest.MonkeyPatch, saves: Saves, path: Path, *statuses: Any) -> tuple[int, int]:
    """Return the last status, and how often it was graded."""
    monkeypatch.setitem(sys.modules, "watchfiles", saves)
    given = iter(statuses)
    count = 0

    def grade() -> int:
        nonlocal count
        count += 1
        status = next(given)
        if isinstance(status, BaseException):
            raise status
        return int(status)

    return watching.grade_at_each_save([path], path.parent / "reports", grade), count


def test_it_grades_at_once_and_at_each_save(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    saves = Saves(lambda: file.write_text("two and more"), lambda: None, (file.parent / "other").touch)
    assert _run(monkeypatch, saves, file, 1, 0) == (0, 2)
    assert capsys.readouterr() == ("", "Waiting for submission.py to be saved; Ctrl-C ends.\n" * 2 + "\n")
    assert saves.places == (file.parent,)
    assert saves.options["recursive"] is False


def test_a_save_while_it_grades_is_not_lost(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", Saves(lambda: None))
    texts = iter(["saved meanwhile", ""])
    seen: list[str] = []

    def grade() -> int:
        seen.append(file.read_text())
        if text := next(texts):
            file.write_text(text)
        return 0

    watching.grade_at_each_save([file], file.parent / "reports", grade)
    assert seen == ["one", "saved meanwhile"]


def test_what_the_next_save_may_mend_does_not_end_it(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    saves = Saves(file.unlink, lambda: file.write_text("three"))
    assert _run(monkeypatch, saves, file, 1, UserError("there is no file"), 0) == (0, 3)
    assert capsys.readouterr().err.count("grade: there is no file\n") == 1


def test_a_file_that_is_not_there_yet_is_waited_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.unlink()
    assert _run(monkeypatch, Saves(lambda: file.write_text("one")), file, UserError("no such file"), 1) == (1, 2)


def test_a_mistake_in_the_call_ends_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="there is no part 9Z"):
        _run(monkeypatch, Saves(), file, UserError("there is no part 9Z"))


def test_ctrl_c_before_anything_is_graded_is_no_success(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        _run(monkeypatch, Saves(), file, KeyboardInterrupt())
    assert _run(monkeypatch, Saves(lambda: file.write_text("two and more")), file, 1, KeyboardInterrupt()) == (
        1,
        2,
    )


def test_a_fault_of_the_machines_does(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(HostError, match="no processes"):
        _run(monkeypatch, Saves(), file, HostError("no processes"))


def test_a_folder_is_watched_with_all_that_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "deep").mkdir()
    (tmp_path / "main.py").touch()
    saves = Saves(
        (tmp_path / "__pycache__" / "x.pyc").touch,
        (tmp_path / ".hidden").touch,
        (tmp_path / "deep" / "data.csv").touch,
    )
    assert _run(monkeypatch, saves, tmp_path, 1, 0) == (0, 2)
    assert saves.options["recursive"] is True


def test_a_report_in_the_folder_that_is_watched_is_no_save(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "main.py").touch()
    before = watching.snapshot([tmp_path], tmp_path / "reports")
    (tmp_path / "reports" / "x.json").touch()
    assert watching.snapshot([tmp_path], tmp_path / "deep" / ".." / "reports") == before
    assert [file.name for file in before] == ["main.py"]


def test_the_library_is_missing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(
        UserError, match=r"--watch needs the library watchfiles: `python -m pip install watchfiles`"
    ) as told:
        watching.grade_at_each_save([file], file.parent / "reports", lambda: 0)
    assert "\n" not in str(told.value)


def test_there_is_nothing_to_watch(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no such folder to watch"):
        watching.grade_at_each_save([tmp_path / "none" / "x.py"], tmp_path, lambda: 0)


def test_a_snapshot_sees_a_save_of_the_same_size(file: Path) -> None:
    before = watching.snapshot([file], file.parent)
    file.write_text("two")
    os.utime(file, ns=(1, 1))
    assert watching.snapshot([file], file.parent) != before
