from __future__ import annotations

import ast
import zipfile
from pathlib import Path

import pytest

from grader.cli import handouts
from grader.cli.handouts import write_kit, write_starter
from grader.errors import AuthorError, Problem, UserError


@pytest.fixture
def rubric(small: Path) -> Path:
    return small / "rubrics" / "small.yaml"


def test_a_starter_is_printed_or_written(rubric: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert write_starter(rubric, None) == 0
    text = capsys.readouterr().out
    assert [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)] == ["double", "total"]
    out = tmp_path / "new" / "submission.py"
    assert write_starter(rubric, out) == 0
    assert out.read_text(encoding="utf-8") == text


def test_a_starter_takes_nobodys_place(rubric: Path, small: Path) -> None:
    before = (small / "good.py").read_text()
    with pytest.raises(UserError, match="is there already; remove it, or give another name"):
        write_starter(rubric, small / "good.py")
    assert (small / "good.py").read_text() == before


def test_a_kit_is_written_and_renewed(rubric: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "kit.zip"
    for _ in range(2):
        assert write_kit(rubric, out) == 0
    assert {"submission.py", "selfcheck/plan", "selfcheck/key", "README.md"} <= set(
        zipfile.ZipFile(out).namelist()
    )
    assert f"{out}: " in capsys.readouterr().out


def test_a_kit_from_a_short_seed_is_written_with_a_warning(
    rubric: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rubric.write_text(rubric.read_text().replace("x: [3.5]", "x: {normal: [3]}"))
    assert write_kit(rubric, tmp_path / "kit.zip") == 0
    assert capsys.readouterr().err.startswith(f"grader: warning: {rubric}: the seed 0 is short: ")


def test_an_authors_mistakes_and_warnings_are_told(
    rubric: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = rubric.read_text()
    (rubric.parent / "wrong.py").write_text("def twice(x):\n    return 2 * x\n")
    known = "        mistakes: [{function: twice, says: So.}]\n      - id: B"
    rubric.write_text("mistakes: wrong.py\n" + text.replace("      - id: B", known))
    assert write_starter(rubric, None) == 0
    assert capsys.readouterr().err.startswith("grader: warning: ")
    problem = Problem(rubric, 1, "", "it is gone")
    monkeypatch.setattr(handouts, "load_reference", lambda _file: problem)
    with pytest.raises(AuthorError, match="it is gone"):
        write_starter(rubric, None)
