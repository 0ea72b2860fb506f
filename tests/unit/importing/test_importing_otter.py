from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.errors import UserError
from grader.grade import Exam
from grader.importing import Imported, read_otter, rubric_text, skeleton_text
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
        ("q1", 3.0, 3), ("q2", 2.0, 1), ("q10-mean", 1.0, 2), ("q10-scale", 0.5, 1)
    ]  # fmt: skip
    assert left(imported) == [
        "q1.py: case 1: its 2 calls share its points: each earns its own",
        "q1.py:28: case 3: `for i in range(3):` is no single call with an answer",
        "q1.py: cases worth 0.5 could not be converted: their points went to its others",
        "q2.py: test_low_primes: it is worth 0 points, and here each case counts",
        "q2.py:17: test_higher: `{2, 3}` is no literal value",
        "q10.py: case 2: its 2 calls share its points: each earns its own",
        "q10.py: its functions became parts of their own: mean, scale",
    ]
    assert [case.hidden for part in imported.parts for case in part.cases] == [
        False,
        False,
        True,
        True,
        True,
        True,
        True,
    ]


def test_the_rubric_loads_compiles_and_says_what_was_left(tmp_path: Path) -> None:
    imported = read_otter(SAMPLES)
    (tmp_path / "ref.py").write_text(REFERENCE)
    (tmp_path / "rubric.yaml").write_text(rubric_text(imported, "otter: x\ny", "ref.py"), encoding="utf-8")
    loaded = load_rubric(tmp_path / "rubric.yaml")
    assert loaded.problems == ()
    exam = Exam.of(*compile_rubric(loaded, tmp_path)[:2])
    assert [len(part.answers) for part in exam.plan.parts()] == [1, 1, 1, 1]
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


def test_a_folder_without_tests(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no test file"):
        read_otter(tmp_path)
    with pytest.raises(UserError, match="cannot be read: No such file"):
        read_otter(tmp_path / "none")


def _read(tmp_path: Path, source: str) -> Imported:
    (tmp_path / "q.py").write_text(source)
    return read_otter(tmp_path)


def _doctests(*codes: str, more: str = "") -> str:
    cases = ", ".join(f"{{'code': {code!r}}}" for code in codes)
    return f"test = {{'name': 'q', {more} 'suites': [{{'cases': [{cases}], 'type': 'doctest'}}]}}"


def test_a_value_that_may_have_changed_is_never_used(tmp_path: Path) -> None:
    changes = [
        "x.append(3)", "x += [3]", "x[0] = 7", "del x[0]", "y.append(3)", "x = g(1)[0]", "shuffle(x)", "f = len",
        "from m import f", "f(x.pop()) == 1", "(x := [1]) == x",
    ]  # fmt: skip
    for change in changes:
        imported = _read(tmp_path, _doctests(f">>> x = [1, 2]\n>>> y = x\n>>> {change}\n>>> f(x)\n3"))
        assert imported.parts == [], change
        assert len(imported.left) >= 2, change
    # A warning of Python's would be an error here.
    assert _read(tmp_path, _doctests(">>> f('\\d') is 1\nTrue").replace("\\\\", "\\")).parts
    kept = _read(tmp_path, _doctests(">>> x = [1, 2]\n>>> len(f(x))\n2\n", ">>> f(x)\n3"))
    assert [case.asked.args for case in kept.parts[0].cases] == [({"list": [1, 2]},)]


def test_all_or_nothing_messages_and_hidden_cases(tmp_path: Path) -> None:
    text = _doctests(">>> f(1)\n1", ">>> f(2)\n2", more="'all_or_nothing': True, 'note': 3,")
    text = text.replace("1'}", "1', 'failure_message': 'no', 'hidden': False}").replace(
        "2'}", "2', 'failure_message': 'x'}"
    )
    imported = _read(tmp_path, text)
    (part,) = imported.parts
    assert [(case.hidden, case.hint) for case in part.cases] == [(False, "no"), (True, "")]
    assert part.all_or_nothing
    assert "scoring: all" in rubric_text(imported, "otter", "ref.py")
    assert left(imported) == [
        "q.py: `note` has no counterpart here",
        "q.py: case 2: its failure message was left out: students would read it, and the case is hidden",
    ]


EXCEPTIONS = """
import numpy as np
name = "q"
ROWS = [[1, 2]]
np.random.seed(1)
def helper(x): return x
@test_case("first", 2, True)
def test_one(env):
    f = env["square"]
    answer = f(np.array(ROWS))
    np.testing.assert_allclose(answer, [[1, 4]])
    assert f(2) == 4 and f(3) == 9
    f(1)
    assert helper(1) == 1
"""


def test_names_of_a_test_function(tmp_path: Path) -> None:
    imported = _read(tmp_path, EXCEPTIONS)
    (part,) = imported.parts
    assert [(case.asked.function, case.asked.expect, case.hidden) for case in part.cases] == [
        ("square", {"list": [{"list": [1, 4]}]}, True), ("square", 4, True), ("square", 9, True)
    ]  # fmt: skip
    assert left(imported) == [
        "q.py:5: `np.random.seed(1)` asserts nothing, and is not run",
        "q.py:13: first: `f(1)` asserts nothing",
        "q.py:14: first: `helper(1)` is no plain call of a function",
    ]


def test_a_notebook_holds_tests_too(tmp_path: Path) -> None:
    tests = {"q1": {"name": "q1", "suites": [{"cases": [{"code": ">>> f(1)\n1"}]}]}, "q2": EXCEPTIONS, "q3": 3}
    book = tmp_path / "hw.ipynb"
    book.write_text(json.dumps({"metadata": {"otter": {"tests": tests}}}))
    imported = read_otter(book)
    assert [len(part.cases) for part in imported.parts] == [1, 3]
    assert left(imported)[-1] == "hw.ipynb[q3]: its `test` has no suites"
    book.write_text("{}")
    with pytest.raises(UserError, match="no tests of otter's"):
        read_otter(book)


def test_what_else_lies_in_the_folder_is_listed(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "q.R").touch()
    assert left(_read(tmp_path, "x = 1"))[1:] == [
        "more: only *.py is read in a folder", "q.R: only *.py is read in a folder"
    ]  # fmt: skip
