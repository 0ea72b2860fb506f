from __future__ import annotations

from pathlib import Path

import pytest

from grader.build.archive import Member, zip_of
from grader.cli.packing import write_zip
from grader.errors import UserError

CONTENT = zip_of([Member("a", b"1")])


def test_a_zip_may_be_written_again(tmp_path: Path) -> None:
    out = tmp_path / "new" / "kit.zip"
    write_zip(out, zip_of([]))
    write_zip(out, CONTENT)
    assert out.read_bytes() == CONTENT


def test_over_anything_else_it_is_not_written(tmp_path: Path) -> None:
    rubric = tmp_path / "hw3.yaml"
    rubric.write_text("assignment: hw3\n")
    for out in (rubric, tmp_path):
        with pytest.raises(UserError, match="is there already, and is no zip"):
            write_zip(out, CONTENT)
    assert rubric.read_text() == "assignment: hw3\n"
