from __future__ import annotations

from pathlib import Path

import pytest
from intake_downloads import WORK, Tree, as_folder

from grader.intake.strangers import strangers

CLASS: Tree = dict.fromkeys(["ann.py", "bob.py", "cy.py", "dee.py"], WORK)


@pytest.mark.parametrize(
    ("tree", "entry", "told"),
    [
        (
            CLASS | {"solution.py": WORK},
            "solution.py",
            ("4 other Python files", "ann.py, bob.py, cy.py, dee.py are"),
        ),
        (CLASS | {"main.py": WORK, "utils.py": WORK}, "main.py", ("5 other Python files", "cy.py, dee.py are")),
        (CLASS | {"main.py": b"from ann import f\nimport bob, cy"}, "main.py", ("4 other", "but dee.py is")),
        (
            {"ann.ipynb": b"{}", "bob.ipynb": b"{}", "solution.ipynb": b"{}"},
            "solution.ipynb",
            ("2 other Python files and notebooks", "ann.ipynb, bob.ipynb are"),
        ),
    ],
)
def test_a_class_that_was_taken_as_one(tree: Tree, entry: str, told: tuple[str, str], tmp_path: Path) -> None:
    line = strangers(as_folder(tree, tmp_path), entry)
    assert all(words in line for words in told)


@pytest.mark.parametrize(
    ("tree", "entry"),
    [
        ({"hw3.py": WORK, "old.py": WORK}, "hw3.py"),
        ({"hw3.py": WORK, "utils.py": WORK, "test_a.py": WORK, "setup.py": b"", "tests/x.py": WORK}, "hw3.py"),
        ({"main.py": b"from .layers import f", "layers.py": b"import maths", "maths.py": WORK}, "main.py"),
        (
            {"main.py": b'exec(open("layers.py").read())', "layers.py": WORK, "plot.py": b"from main import f"},
            "main.py",
        ),
        (
            {"main.ipynb": b'{"source": [\n "%run layers\\n"]}', "layers.py": b"", "data.py": b"import main"},
            "main.ipynb",
        ),
        (CLASS | {"src/main.py": WORK}, "src/main.py"),
    ],
)
def test_what_one_student_handed_in(tree: Tree, entry: str, tmp_path: Path) -> None:
    assert strangers(as_folder(tree, tmp_path), entry) == ""


def test_a_file_that_cannot_be_read_is_no_matter(tmp_path: Path) -> None:
    folder = as_folder(CLASS | {"main.py": WORK}, tmp_path)
    (folder / "bob.py").chmod(0)
    assert "ann.py, bob.py" in strangers(folder, "main.py")
