from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.cli.grader import app
from grader.rubric import load_rubric

SAMPLES = Path(__file__).parents[1] / "importing" / "samples"


def test_otter_and_gspack_give_a_rubric_and_a_reference_to_be_filled_in(tmp_path: Path) -> None:
    for kind, source in (("otter", SAMPLES / "otter"), ("gspack", SAMPLES / "rubric.json")):
        out = tmp_path / kind / "rubric.yaml"
        result = CliRunner().invoke(app, ["import", kind, str(source), "-o", str(out)])
        assert result.exit_code == 1, result.output
        assert "to be filled in" in result.output
        loaded = load_rubric(out)
        assert loaded.problems == ()
        assert (out.parent / loaded.rubric.reference).is_file()


def test_a_reference_is_named_as_seen_from_the_rubric_and_nothing_is_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ref.py").write_text("def f(x): return x\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "q.py").write_text(
        "OK_FORMAT = False\nname = 'q'\n@test_case()\ndef test(f):\n    assert f(1) == 1\n"
    )
    command = ["import", "otter", "tests", "--out", "rubrics/r.yaml", "--reference", "ref.py"]
    assert CliRunner().invoke(app, command).exit_code == 0
    assert load_rubric(tmp_path / "rubrics/r.yaml").rubric.reference == "../ref.py"
    again = CliRunner().invoke(app, command)
    assert again.exit_code == 2
    assert "nothing is overwritten" in again.output
