from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.errors import UserError
from grader.importing import read_gspack, rubric_text, skeleton_text
from grader.key import compile_rubric
from grader.rubric import load_rubric

SAMPLE = Path(__file__).parent / "samples" / "rubric.json"


def test_variables_become_functions_and_what_is_left_is_listed() -> None:
    imported = read_gspack(SAMPLE)
    assert [(part.id, part.title, float(part.points)) for part in imported.parts] == [
        ("A1", "Addition: Evaluating x + y - z", 1.0), ("A2", "Power", 1.0), ("A3", "Arrange", 3.0)
    ]  # fmt: skip
    told = [str(item) for item in imported.left]
    assert "rubric.json: Nameless: it names no variable" in told
    assert any("Arrange: hint_nans: a case has one hint" in item for item in told)
    assert sum("here students write a function" in item for item in told) == 3
    assert [item for item in told if "counterpart" in item] == [
        f"rubric.json: `{key}` has no counterpart in a rubric"
        for key in ("extra_files", "number_of_attempts", "supported_platforms")
    ]


def test_the_rubric_loads_and_with_a_reference_compiles(tmp_path: Path) -> None:
    imported = read_gspack(SAMPLE)
    (tmp_path / "rubric.yaml").write_text(rubric_text(imported, "gspack", "ref.py"))
    skeleton = skeleton_text(imported.parts, "gspack")
    (tmp_path / "ref.py").write_text(skeleton.replace("raise NotImplementedError", "return 1.5"))
    loaded = load_rubric(tmp_path / "rubric.yaml")
    assert loaded.problems == ()
    case = loaded.rubric.questions[0].parts[2].cases[0]
    assert (case.tolerance.rtol, case.tolerance.atol, case.hint) == (1e-5, 1e-2, "Check transposition")
    compile_rubric(loaded, tmp_path)


@pytest.mark.parametrize(
    ("rubric", "points"),
    [
        ({"test_suite": [{"variable_name": "a"}, {"variable_name": "b"}, {"variable_name": "c"}]}, [3.33] * 3),
        (
            {
                "test_suite": [{"variable_name": "a", "hint_nans_python": "a\nb", "hint_nans": "c"}],
                "total_score": 4,
            },
            [4.0],
        ),
        ({"test_suite": [{"variable_name": "a", "score": "x"}, 3, {"variable_name": "b c"}]}, []),
        ({"test_suite": [{"variable_name": "a", "score": -1}]}, []),
        ({"test_suite": [{"variable_name": "a"}, {"variable_name": "def", "score": 1}], "total_score": None}, []),
    ],
)
def test_points(tmp_path: Path, rubric: dict[str, Any], points: list[float]) -> None:
    (tmp_path / "r.json").write_text(json.dumps(rubric))
    imported = read_gspack(tmp_path / "r.json")
    assert [float(part.points) for part in imported.parts] == points
    assert len(imported.left) >= len(rubric["test_suite"])
    assert "hint_nans: a case" in str(imported.left[0]) or "hint_nans" not in str(rubric)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"test_suite": 3}', "[" * 100_000, "\xff"])
def test_what_is_no_rubric(tmp_path: Path, content: str) -> None:
    (tmp_path / "r.json").write_text(content, encoding="latin-1")
    with pytest.raises(UserError, match="this is no"):
        read_gspack(tmp_path / "r.json")
    with pytest.raises(UserError, match="cannot be read"):
        read_gspack(tmp_path / "none.json")
