from __future__ import annotations

from pathlib import Path

import pytest
from intake_downloads import WORK, as_folder, as_zip

from grader.intake.bounds import CLASS, MIB, Refusal
from grader.intake.desk import Desk


def test_files_are_gathered_under_their_own_names(tmp_path: Path) -> None:
    folder = as_folder({"x_1_2_a.py": WORK, "x_1_3_b": b"1"}, tmp_path / "in")
    files = [("a.py", folder / "x_1_2_a.py"), ("../../b:", folder / "x_1_3_b")]
    with pytest.raises(Refusal, match="leads out"):
        Desk(tmp_path / "out").gather(files)
    gathered = Desk(tmp_path / "more").gather([files[0], ("d/b:", folder / "x_1_3_b")])
    assert sorted(path.name for path in gathered.iterdir()) == ["a.py", "b_"]


def test_a_link_is_not_gathered(tmp_path: Path) -> None:
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    with pytest.raises(Refusal, match="symbolic link"):
        Desk(tmp_path / "out").gather([("a.py", tmp_path / "link.py")])


def test_what_is_known_of_a_file_is_known_of_its_folder(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "out")
    archive = as_zip({"anna/big.csv": b"\0" * (5 * MIB), "anna/a.py": WORK, "bob/a.py": WORK}, tmp_path / "a.zip")
    folder = desk.unpack(archive, "a.zip", CLASS)
    desk.check([folder / "bob"])
    for path in (folder, folder / "anna", folder / "anna" / "big.csv"):
        with pytest.raises(Refusal, match="bombs"):
            desk.check([path])
    assert desk.notes([folder]) == []
