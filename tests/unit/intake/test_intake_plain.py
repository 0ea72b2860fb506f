from __future__ import annotations

from pathlib import Path

import pytest
from intake_downloads import as_folder

from grader.intake import plain
from grader.intake.folders import entries


@pytest.mark.parametrize(
    "names",
    [
        ["main.py", "alice.py", "bob/main.py"],
        ["hw3.py", "network.py"],
        ["hw3.py", "hw4.py"],
        ["softmax.py", "utils.py", "test_softmax.py"],
        ["softmax.py", "pack/inner.py"],
        ["report.pdf", "src/main.py"],
        ["report.pdf"],
        ["hw3.ipynb"],
        ["softmax.ipynb", "utils.py"],
        ["softmax.ipynb", "softmax.py"],
        [],
    ],
)
def test_one_students(names: list[str], tmp_path: Path) -> None:
    folder = as_folder(dict.fromkeys(names, b""), tmp_path)
    (piece,) = plain.pieces(folder, entries(folder), "anna")
    assert (piece.id, piece.folder) == ("anna", folder)


def test_a_person_is_called_as_the_course_says(tmp_path: Path) -> None:
    names = ["O'Brien.py", "ann@uni.ca/main.py", "jane_/main.py", "müller.k/main.py", "run/main.py"]
    folder = as_folder(dict.fromkeys(names, b""), tmp_path)
    made = plain.pieces(folder, entries(folder), "class")
    assert [piece.people[0].id for piece in made] == ["O'Brien", "ann@uni.ca", "jane_", "müller.k", "run"]
    # A report's name is another thing: every file system takes it, and no two are the same.
    assert [piece.id.rpartition("-")[0] for piece in made] == ["O_Brien", "ann_uni.ca", "jane", "muller.k", "run"]


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["alice.py", "bob.py", "conftest.py", "list.csv"], ["alice", "bob"]),
        (["alice.py", "bob/main.py"], ["alice", "bob"]),
        (["alice.py", "bob/hw3.py"], ["alice", "bob"]),
        (["alice/x.py", "bob/y.py", "readme.txt"], ["alice", "bob"]),
        (["alice.zip", "bob.tar.gz"], ["alice", "bob"]),
        (["alice.py", "bob.zip"], ["alice", "bob"]),
        (["alice.ipynb", "bob.ipynb"], ["alice", "bob"]),
        (["alice.py", "bob.ipynb", "bob.py", "carol.ipynb"], ["alice", "bob", "carol"]),
        (["alice.py", "bob.ipynb"], ["alice", "bob"]),
    ],
)
def test_a_classs(names: list[str], ids: list[str], tmp_path: Path) -> None:
    folder = as_folder(dict.fromkeys(names, b""), tmp_path)
    assert [piece.id for piece in plain.pieces(folder, entries(folder), "class")] == ids
