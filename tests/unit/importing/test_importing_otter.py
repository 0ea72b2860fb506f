from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from grader.errors import UserError
from grader.grade import Exam
from grader.importing import Imported, read_otter, rubric_text, skeleton_text
from grader.importing.otter import resolved
from grader.key import compile_rubric
from grader.rubric import load_rubric

SAMPLES = Path(__file__).parent / "samples" / "otter"
REFERENCE = """
import numpy as np
def square(x): return np.square(x)
def mode(x, name): return max(x)
def mean(x): return float(np.mean(x))
def scale(x, k): return abs(x)
"""


def left(imported: Imported) -> list[str]:
    return [str(item) for item in imported.left]


def test_both_formats_and_what_is_left() -> None:
    imported = read_otter(SAMPLES)
    assert [(part.id, float(part.points), len(part.cases)) for part in imported.parts] == [
        ("q1", 3.0, 3), ("q2", 2.0, 1), ("q10", 1.5, 2)
    ]  # fmt: skip
    assert left(imported) == [
        "q1.py: case 1: its 2 calls share its points: each earns its own",
        "q1.py: case 3: `for i in range(3):` is more than a plain call",
        "q2.py: test_low_primes: it is worth 0 points, and here each case counts",
        "q2.py: test_higher: `{2, 3}` is no literal value",
        "q10.py: case 2: `print(mean([1, 2]))` is no plain call of a function",
        "q10.py: its points are split evenly among mean, scale",
    ]


def test_the_rubric_loads_compiles_and_says_what_was_left(tmp_path: Path) -> None:
    imported = read_otter(SAMPLES)
    (tmp_path / "ref.py").write_text(REFERENCE)
    (tmp_path / "rubric.yaml").write_text(rubric_text(imported, "otter: x\ny", "ref.py"), encoding="utf-8")
    loaded = load_rubric(tmp_path / "rubric.yaml")
    assert loaded.problems == ()
    exam = Exam.of(*compile_rubric(loaded, tmp_path)[:2])
    assert [len(part.answers) for part in exam.plan.parts()] == [1, 1, 2]
    text = (tmp_path / "rubric.yaml").read_text(encoding="utf-8")
    assert all(f"# - {item}\n" in text for item in left(imported))
    assert text.startswith("# Imported from otter: x\\ny.")


def test_the_skeleton_has_every_function() -> None:
    text = skeleton_text(read_otter(SAMPLES).parts, "otter")
    compile(text, "skeleton", "exec")
    assert "def square(x1):\n    raise NotImplementedError\n" in text


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("x = 1", "neither"),
        ("test = {'name': f()}", "no plain dict"),
        ("test = {'name': 'q', 'suites': []}", "no suites"),
        ("test = 3", "no suites"),
        ("def (", "invalid syntax"),
        ("\0", "null bytes"),
        ("(" * 5000, ""),
        ("x = 1\n" * 300_000, "more than 1048576 bytes"),
        ("test = {'suites': [{'cases': [{'code': '>>> f(1'}]}]}", "nothing of it could be converted"),
        ("test = {'suites': [{'cases': [{'code': '>>> f(1)\\n  x'}], 'setup': 'y'}]}", "nothing of it could"),
        ("import os\nos.remove('x')\ntest = {'suites': [{'cases': []}]}", "nothing of it could be converted"),
    ],
    ids=range(11),
)
def test_a_file_that_is_no_test_is_listed(tmp_path: Path, source: str, why: str) -> None:
    (tmp_path / "q.py").write_text(source)
    imported = read_otter(tmp_path)
    assert imported.parts == []
    assert any(why in item for item in left(imported))


def test_nothing_of_a_test_is_run(tmp_path: Path) -> None:
    made = tmp_path / "made"
    text = "open('PATH', 'w')\ntest = {'suites': [{'cases': [{'code': '>>> open(\"PATH\", \"w\")\\n1'}]}]}"
    (tmp_path / "q.py").write_text(text.replace("PATH", str(made)))
    read_otter(tmp_path)
    assert not made.exists()


@pytest.mark.parametrize(
    ("total", "cases", "whole", "shares"),
    [
        (None, [None, None], 1, ["1/2", "1/2"]),
        (None, [2, None], 2, [2, 0]),
        (None, [0, 0], 0, [0, 0]),
        (None, [0, None], 1, [0, 1]),
        (6, [2, 2, None, None], 6, [2, 2, 1, 1]),
        (3, [None] * 3, 3, [1, 1, 1]),
        (1, [2, None], 1, [2, 0]),
        (0.1, [None], "1/10", ["1/10"]),
    ],
)
def test_points_follow_otters_rules(
    total: object, cases: list[object], whole: object, shares: list[object]
) -> None:
    assert resolved(total, cases) == (Fraction(str(whole)), [Fraction(str(share)) for share in shares])


def test_a_folder_without_tests(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no test file"):
        read_otter(tmp_path)
