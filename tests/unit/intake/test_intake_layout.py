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
        (downloads.moodle_flat() | {"sample.py": b""}, None),
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
