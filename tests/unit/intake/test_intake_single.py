from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from grader.intake.model import Handed, Refused
from grader.intake.single import take_one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "submission"
    made.mkdir()
    return made


def taken(folder: Path) -> Handed | Refused:
    scratch = folder.parent / "scratch"
    scratch.mkdir()
    return take_one(folder, scratch)


def test_several_files_are_one_student_s(folder: Path) -> None:
    for name in ("alpha.py", "beta.py", "hw3.py"):
        (folder / name).write_text("x = 1\n")
    found = taken(folder)
    assert isinstance(found, Handed)
    assert (found.entry, found.path) == ("hw3.py", folder)


def test_where_the_rules_do_not_tell_it_is_refused_and_not_a_class(folder: Path) -> None:
    for name in ("alpha.py", "beta.py"):
        (folder / name).write_text("x = 1\n")
    found = taken(folder)
    assert isinstance(found, Refused)
    assert "call one of them main.py" in found.reason


def test_a_zip_in_it_is_opened(folder: Path) -> None:
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("work/hw3.py", "x = 1\n")
    found = taken(folder)
    assert isinstance(found, Handed)
    assert found.entry == "hw3.py" or found.entry.endswith("/hw3.py")


def test_nothing_is_refused(folder: Path) -> None:
    empty = taken(folder)
    assert isinstance(empty, Refused)
    assert empty.reason == "there is no Python file in it; hand in the file itself, no link to it"
    folder.rmdir()
    (folder.parent / "scratch").rmdir()
    missing = taken(folder)
    assert isinstance(missing, Refused)
    assert "cannot be read" in missing.reason
