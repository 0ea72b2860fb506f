from __future__ import annotations

from pathlib import Path

import pytest
from intake_downloads import as_folder

from grader.intake import gradescope, ruby
from grader.intake.folders import entries
from grader.intake.model import Piece


def taken(tmp_path: Path, metadata: str, *, whole: bool = True) -> dict[str, Piece]:
    folder = as_folder({"submission_metadata.yml": metadata.encode(), "submission_1/hw.py": b""}, tmp_path)
    found = gradescope.metadata_in(folder)
    assert found is not None
    return {piece.id: piece for piece in gradescope.pieces(entries(folder), found, whole=whole)}


@pytest.mark.parametrize("colon", [":", ""])
def test_people(colon: str, tmp_path: Path) -> None:
    text = "submission_1:\n  :submitters:\n  - :name: A\n    :email: a@b\n  - :sid: é/12-3\n  - x\n"
    text = text.replace(" :", f" {colon}")
    piece = taken(tmp_path, text)["submission_1"]
    assert [(one.id, one.name, one.email) for one in piece.people] == [("", "A", "a@b"), ("é/12-3", "", "")]


def test_only_the_whole_export_is_missed(tmp_path: Path) -> None:
    text = "submission_1: {}\nsubmission_2: {}\nsomething else: {}\n"
    assert taken(tmp_path, text)["submission_2"].refusal
    assert list(taken(tmp_path, text, whole=False)) == ["submission_1"]


@pytest.mark.parametrize("text", ["- a list", "{", "a: *b", ""])
def test_metadata_that_cannot_be_read(text: str, tmp_path: Path) -> None:
    made = taken(tmp_path, text)
    assert made["submission_1"].people == ()
    assert "nobody knows who" in made["submission_metadata"].refusal


def test_metadata_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruby, "MAX_BYTES", 10)
    assert "more than 10 bytes" in taken(tmp_path, "submission_1: {}")["submission_metadata"].refusal


@pytest.mark.parametrize(
    "about", ["x", "[]", "{submitters: x}", "{submitters: [[], {name: {}}]}", "{submitters: }"]
)
def test_metadata_of_another_shape(about: str, tmp_path: Path) -> None:
    piece = taken(tmp_path, f"submission_1: {about}")["submission_1"]
    assert piece.refusal == ""
    assert piece.people == ()
