from __future__ import annotations

from pathlib import Path

import pytest
from intake_downloads import as_folder

from grader.intake.bounds import Refusal
from grader.intake.folders import entries, walk


def test_links_and_junk_are_not_there(tmp_path: Path) -> None:
    folder = as_folder(
        {"b.py": b"", "a/c.py": b"", ".git/x": b"", "__MACOSX/._b.py": b"", "z.tar": b""}, tmp_path / "d"
    )
    (folder / "link.py").symlink_to(folder / "b.py")
    (folder / "loop").symlink_to(folder)
    found = entries(folder)
    assert [(one.name, one.is_folder, one.is_archive, one.suffix) for one in found] == [
        ("a", True, False, ""),
        ("b.py", False, False, ".py"),
        ("z.tar", False, True, ".tar"),
    ]
    assert [name for name, _ in walk(folder)] == ["a/c.py", "b.py", "z.tar"]


@pytest.mark.parametrize("tree", [{f"{n}": b"" for n in range(1001)}, {f"{n % 9}/{n}": b"" for n in range(1001)}])
def test_too_many_files(tree: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="more than 1000 files"):
        list(walk(as_folder(tree, tmp_path)))


def test_too_deep(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="folders in folders"):
        list(walk(as_folder({"d/" * 25 + "a.py": b""}, tmp_path)))


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="No such file"):
        entries(tmp_path / "missing")
