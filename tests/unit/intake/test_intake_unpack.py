from __future__ import annotations

from pathlib import Path

import pytest
from intake_downloads import WORK, as_tar, as_zip
from intake_malformed import zip_of

from grader.intake.bounds import CLASS, MIB, STUDENT, Refusal
from grader.intake.unpack import unpack

TREE = {
    "a/main.py": WORK,
    "a/data.bin": bytes(range(256)) * 1000,
    "__MACOSX/._x": b"\0",
    "a/.DS_Store": b"\0",
    "e.py": b"",
}


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.bz2", "a.tar.xz"])
@pytest.mark.parametrize("bounds", [STUDENT, CLASS], ids=["student", "class"])
def test_what_goes_in_comes_out(name: str, bounds: object, tmp_path: Path) -> None:
    archive = (as_zip if name.endswith("zip") else as_tar)(TREE, tmp_path / name)
    place = unpack(archive, name, tmp_path / "out", CLASS if bounds is CLASS else STUDENT)
    found = {path.relative_to(place.folder).as_posix(): path.read_bytes() for path in _files(place.folder)}
    assert found == {
        name: content for name, content in TREE.items() if "__MACOSX" not in name and ".DS" not in name
    }
    assert not place.spoiled
    assert not place.notes


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["a.zip", "a.tar"])
def test_a_large_file_of_a_class_is_emptied_and_the_rest_comes_out(name: str, tmp_path: Path) -> None:
    tree = {"big.csv": b"\0" * (65 * MIB), "a.py": WORK}
    archive = (as_zip if name.endswith("zip") else as_tar)(tree, tmp_path / name)
    place = unpack(archive, name, tmp_path / "out", CLASS)
    assert [path.name for path in place.spoiled] == ["big.csv"]
    assert [path.stat().st_size for path in sorted(_files(place.folder))] == [len(WORK), 0]


@pytest.mark.parametrize("name", ["a.zip", "a.tar"])
def test_a_student_s_costs_all(name: str, tmp_path: Path) -> None:
    tree = {f"{number}.csv": b"\0" * (33 * MIB) for number in range(2)}
    archive = (as_zip if name.endswith("zip") else as_tar)(tree, tmp_path / name)
    with pytest.raises(Refusal, match="bombs" if name == "a.zip" else "64 MiB"):
        unpack(archive, name, tmp_path / "out", STUDENT)


def test_folders_alone_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_of(("anna/", b""), (".git/", b"")))
    place = unpack(tmp_path / "a.zip", "a.zip", tmp_path / "out", STUDENT)
    assert [path.name for path in place.folder.iterdir()] == ["anna"]
