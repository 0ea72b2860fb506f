from __future__ import annotations

from pathlib import Path

import pytest

from grader.intake import moodle
from grader.intake.folders import Entry


def entry(name: str) -> Entry:
    return Entry(name, Path("d") / name, is_folder="." not in name)


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Jane Doe_12_assignsubmission_file", ("12", "Jane Doe")),
        ("Jane Doe_12_assignsubmission_file_", ("12", "Jane Doe")),
        ("Jane Doe_12_assignsubmission_file_hw_3.py", ("12", "Jane Doe")),
        ("Participant_9_assignsubmission_file_", ("9", "Participant")),
        ("李明_12_assignsubmission_file", ("12", "李明")),
        ("Default group_assignsubmission_file", ("Default group", "Default group")),
    ],
)
def test_names(name: str, person: tuple[str, str]) -> None:
    assert moodle.fits(entry(name))
    (piece,) = moodle.pieces([entry(name)])
    assert [(one.id, one.name) for one in piece.people] == [person]
    assert (piece.late, piece.submitted_at, piece.refusal) == (None, "", "")


@pytest.mark.parametrize(
    "name",
    ["Jane Doe_12", "Jane_Doe_12_assignsubmission_file", "x_1_assignsubmission_file.py", "a_1_assignsubmission_"],
)
def test_other_names(name: str) -> None:
    assert not moodle.fits(entry(name))


def test_two_forms_of_one_are_told() -> None:
    names = ["A_1_assignsubmission_file", "A_1_assignsubmission_file_"]
    (piece,) = moodle.pieces([entry(name) for name in names])
    assert "two forms" in piece.refusal
