from __future__ import annotations

from pathlib import Path

import pytest

from grader.check.equivalents import equivalents_file, load_equivalents
from grader.errors import AuthorError

GOOD = """
equivalent:
  - {mutant: f/sign/0123abcd, reason: It is even.}
  - {mutant: g/sign/0123abcd, reason: So is this.}
"""


def test_it_lies_beside_the_rubric() -> None:
    assert equivalents_file(Path("some/hw3.yaml")) == Path("some/hw3.equivalent.yaml")


def test_reasons_by_id(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert load_equivalents(file) == {"f/sign/0123abcd": "It is even.", "g/sign/0123abcd": "So is this."}


def test_there_need_not_be_any(tmp_path: Path) -> None:
    assert load_equivalents(tmp_path / "a.yaml") == {}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("equivalent: [\n", 2, "not YAML"),
        ("equivalent:\n- {mutant: f/sign/0123abcd}\n", 2, "Field required"),
        ("equivalent:\n- {mutant: f/sign/0123abcd, reason: ' '}\n", 2, "must look like"),
        ("equivalent:\n- {mutant: sign, reason: Why not.}\n", 2, "must look like"),
        ("equivalent:\n- {mutant: f/sign/0123abcd, reason: No., more: 1}\n", 2, "not permitted"),
        (GOOD.replace("g/", "f/"), 4, "there already"),
        ("1", 1, "valid dictionary"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AuthorError) as caught:
        load_equivalents(file)
    assert caught.value.problems[0].line == line
    assert said in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match="cannot be read"):
        load_equivalents(tmp_path)
