from __future__ import annotations

from pathlib import Path

import pytest
from intake_downloads import WORK, as_folder, zipped

from grader.intake.desk import Desk
from grader.intake.model import Handed, Piece, Refused
from grader.intake.settle import settle


def settled(tree: dict[str, bytes], tmp_path: Path, depth: int = 0) -> Handed | Refused:
    folder = as_folder(tree, tmp_path / "in")
    return settle(Piece("anna", (), folder=folder), Desk(tmp_path / "out"), depth)


@pytest.mark.parametrize(
    ("tree", "below", "entry"),
    [
        ({"hw3.py": WORK, "data.csv": b""}, ".", "hw3.py"),
        ({"src/hw3.py": WORK}, "src", "hw3.py"),
        ({"src/hw3.py": WORK, "data.csv": b""}, ".", "src/hw3.py"),
        ({"src/main.py": WORK, "src/helper.py": b"", "data.csv": b""}, "src", "main.py"),
        ({"hw3.ipynb": b"{}", "data.csv": b""}, ".", "hw3.ipynb"),
    ],
)
def test_the_folder_is_the_one_to_import_from(
    tree: dict[str, bytes], below: str, entry: str, tmp_path: Path
) -> None:
    handed = settled(tree, tmp_path)
    assert isinstance(handed, Handed)
    assert (handed.path, handed.entry) == (tmp_path / "in" / below, entry)


def test_the_only_archive_is_opened_and_that_is_noted(tmp_path: Path) -> None:
    handed = settled({"report.pdf": b"", "deep/hw.zip": zipped({"main.py": WORK, "b.py": b""})}, tmp_path, depth=1)
    assert isinstance(handed, Handed)
    assert handed.entry == "main.py"
    assert handed.notes[0] == "unpacked from deep/hw.zip"


@pytest.mark.parametrize(
    ("tree", "depth", "says"),
    [
        ({"a.zip": zipped({"a.py": WORK})}, 2, "archive in an archive in an archive"),
        ({"a.zip": b"", "b.zip": b""}, 0, "several archives: a.zip, b.zip"),
        ({"a.zip": zipped({"b.txt": b"x"})}, 0, "only b.txt"),
        ({"hw3.py": b"%PDF-1.7"}, 0, "it is a PDF"),
        ({"hw3\n.txt": b""}, 0, "only hw3\\n.txt"),
    ],
)
def test_what_is_refused(tree: dict[str, bytes], depth: int, says: str, tmp_path: Path) -> None:
    refused = settled(tree, tmp_path, depth)
    assert isinstance(refused, Refused)
    assert says in refused.reason


def test_an_archive_beside_a_python_file_stays_closed(tmp_path: Path) -> None:
    handed = settled({"hw3.py": WORK, "data.zip": b"no archive"}, tmp_path)
    assert isinstance(handed, Handed)
