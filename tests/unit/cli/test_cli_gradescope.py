from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from grader.cli.gradescope import NOT_YET, Request, build_autograder
from grader.errors import AuthorError
from grader.render.autograded import NOT_A_MARK
from grader.render.gradescope import Results


def ungraded(zip_file: Path) -> Results:
    with zipfile.ZipFile(io.BytesIO(zip_file.read_bytes())) as archive:
        return Results.model_validate_json(archive.read("exam/ungraded.json"))


def test_a_zip_and_what_to_enter(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "made" / "autograder.zip"
    assert build_autograder(Request(small / "rubrics" / "small.yaml", out)) == 0
    said = capsys.readouterr().out
    assert "small: 5 points, 4 automatic" in said
    assert "Autograder points 4; upload" in said
    assert "Manual Grading: a question of 1 points" in said
    assert "timeout" not in said
    results = ungraded(out)
    (test,) = results.tests or ()
    assert (results.score, test.name, test.status) == (0.0, NOT_YET, "failed")
    assert NOT_A_MARK in str(results.output)
    assert [file.name for file in out.parent.iterdir()] == ["autograder.zip"]


def test_the_first_results_hide_the_total_as_all_others_do(small: Path, tmp_path: Path) -> None:
    rubric = small / "rubrics" / "small.yaml"
    rubric.write_text(f"{rubric.read_text()}gradescope: {{hidden: separate}}\n")
    build_autograder(Request(rubric, tmp_path / "a.zip"))
    assert {test.visibility for test in ungraded(tmp_path / "a.zip").tests or ()} == {"visible", "hidden"}


def test_a_slow_rubric_needs_a_patient_container(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rubric = small / "rubrics" / "small.yaml"
    rubric.write_text(rubric.read_text().replace("submission_seconds: 20", "submission_seconds: 900"))
    build_autograder(Request(rubric, tmp_path / "a.zip"))
    assert "set the container's timeout to more than 16 minutes" in capsys.readouterr().out


def test_a_rubric_at_fault_makes_none(small: Path, tmp_path: Path) -> None:
    (small / "reference.py").write_text("def double(x):\n    return 2 * x\n")
    with pytest.raises(AuthorError):
        build_autograder(Request(small / "rubrics" / "small.yaml", tmp_path / "a.zip"))
    assert not (tmp_path / "a.zip").exists()
