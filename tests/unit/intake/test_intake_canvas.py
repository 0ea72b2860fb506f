from __future__ import annotations

from pathlib import Path

import pytest

from grader.intake import canvas
from grader.intake.folders import Entry


def entry(name: str, *, is_folder: bool = False) -> Entry:
    return Entry(name, Path("d") / name, is_folder)


@pytest.mark.parametrize(
    ("name", "own", "late"),
    [
        ("doejane_12_345_hw3.py", "doejane_12", False),
        ("doejane_LATE_12_345_hw_1_2_final.py", "doejane_12", True),
        ("o_neil_12_345_hw3.py", "o_neil_12", False),
        ("李明_12_345_hw3.py", "12", False),
        ("शर्माप्रिया_12_345_hw3.py", "12", False),
        ("สมชายใจดี_LATE_12_345_hw3.py", "12", True),
        ("श्री\u200dमती_12_345_hw3.py", "12", False),
        ("_12_345_hw3.py", "12", False),
        ("anon_a1B2c_345_hw3.py", "anon_a1B2c", False),
        ("LATE_anon_a1B2c_345_hw3.py", "anon_a1B2c", True),
        ("doejane_LATE_12_text.html", "doejane_12", True),
        ("doejane_12_link.html", "doejane_12", False),
    ],
)
def test_names(name: str, own: str, *, late: bool) -> None:
    assert canvas.fits(entry(name))
    (piece,) = canvas.pieces([entry(name)])
    assert (piece.id, piece.late, piece.late_seconds) == (
        own if own != "12" else piece.id,
        late,
        None if late else 0,
    )
    assert piece.people[0].id == own.rpartition("_")[2] or own.startswith("anon")


@pytest.mark.parametrize(
    "name",
    ["hw3.py", "doejane_12_hw3.py", "doe jane_12_345_hw3.py", "o'neil_12_345_hw3.py", "12_345_hw3.py", "a_1_2_"],
)
def test_other_names(name: str) -> None:
    assert not canvas.fits(entry(name))
    assert not canvas.fits(entry("doejane_12_345_hw3.py", is_folder=True))


def test_what_was_handed_in_again_replaces_what_was_there() -> None:
    names = ["d_1_30_hw3-1.py", "d_1_20_hw3.py", "d_1_25_data-2.csv"]
    (piece,) = canvas.pieces([entry(name) for name in names])
    assert piece.files == (("hw3.py", Path("d/d_1_30_hw3-1.py")), ("data.csv", Path("d/d_1_25_data-2.csv")))
    assert piece.notes == ("hw3.py was handed in more than once; the last one was taken",)


def test_a_single_file_keeps_its_name() -> None:
    (piece,) = canvas.pieces([entry("d_1_30_hw3-1.py")])
    assert piece.files[0][0] == "hw3-1.py"
