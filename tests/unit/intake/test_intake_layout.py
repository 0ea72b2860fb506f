from __future__ import annotations

from pathlib import Path

import intake_downloads as downloads
import pytest
from intake_downloads import WORK, as_folder

from grader.intake import layout
from grader.intake.folders import entries


@pytest.mark.parametrize(
    ("tree", "platform"),
    [
        ({f"x/{name}": content for name, content in downloads.gradescope().items()}, None),
        (downloads.canvas(), "canvas"),
        (downloads.canvas() | {"marks.csv": b""}, "canvas"),
        (downloads.moodle_folders(), "moodle"),
        (downloads.moodle_flat() | {"Grades.xlsx": b""}, "moodle"),
        (downloads.canvas() | {"setup.py": b"", "conftest.py": b"", "__init__.py": b""}, "canvas"),
        ({"a_1_2_hw.py": WORK, "ann.py": WORK}, None),
        ({"a_1_2_hw.py": WORK, "b_2_3_hw.py": WORK, "ann.py": WORK, "bob.py": WORK}, None),
        # Members of a group who are graded one by one have one attachment.
        ({f"{name}_{number}_900_hw.py": WORK for number, name in enumerate("abc")}, "canvas"),
        # A copy that somebody made.
        (dict.fromkeys(["a_1_2_hw.py", "a_1_2_hw (1).py", "b_2_3_hw.py"], WORK), "canvas"),
        # Conventions of a class's own: a number stands for several students, files, or both.
        ({"a_1_2_hw.py": WORK, "b_1_3_hw.py": WORK}, None),
        ({f"lab_1_2_{name}.py": WORK for name in ("ann", "bob", "cy")}, None),
        ({f"{name}_{number}_2_hw.py": WORK for number, name in enumerate("abcd")} | {"e.py": WORK}, None),
        (downloads.plain_files(), None),
        ({"submission_1/hw.py": WORK}, None),
        ({"submission_1/hw.py": WORK, "submission_metadata.yml": b"{}"}, "gradescope"),
        ({"hw.py": WORK, "submission_metadata.yml": b"{}"}, None),
    ],
)
def test_recognition(tree: downloads.Tree, platform: str | None, tmp_path: Path) -> None:
    folder = as_folder(tree, tmp_path)
    made = layout.platform_pieces(folder, entries(folder))
    assert (made and {piece.platform for piece in made}) == (platform and {platform})


def test_single_entries(tmp_path: Path) -> None:
    folder = as_folder({"submission_1/hw.py": WORK, "submission_metadata.yml": b"{}", "a_1_2_b.py": b""}, tmp_path)
    assert [layout.platform_of(entry) for entry in entries(folder)] == ["canvas", "gradescope", ""]


STRAYS = {"reference.py": b"", "old/a.py": b"", "conftest.py": b"", "marks.csv": b""}


@pytest.mark.parametrize(
    ("tree", "platform"),
    [
        (downloads.canvas(), "canvas"),
        (downloads.moodle_flat(), "moodle"),
        ({f"submission_{n}/hw.py": WORK for n in (1, 2, 3)} | {"submission_metadata.yml": b"{}"}, "gradescope"),
    ],
)
def test_a_stray_is_nobodys_and_costs_nobody_anything(tree: downloads.Tree, platform: str, tmp_path: Path) -> None:
    folder = as_folder(tree | STRAYS, tmp_path)
    made = layout.platform_pieces(folder, entries(folder))
    assert made is not None
    strays = {piece.source: piece for piece in made if piece.platform == "plain"}
    assert set(strays) == {"old", "reference.py"}
    assert all(f"from {platform.title()}" in stray.refusal and not stray.people for stray in strays.values())
    assert {piece.platform for piece in made} == {platform, "plain"}
