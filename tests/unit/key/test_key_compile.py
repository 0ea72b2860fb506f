from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from small_rubric import TINY, compiled, expected, refused, tiny

from grader.errors import AuthorError
from grader.key import compile_rubric
from grader.rubric import load_rubric


def test_a_key_holds_one_expectation_for_each_case_in_order() -> None:
    plan, key = tiny()
    assert [item.case for item in key.expectations] == [case.id for case in plan.cases()]
    assert key.plan_digest == plan.digest
    assert key.shape_credit == Fraction(1, 4)


def test_warnings_of_the_reference_s_are_nobody_s_concern(tmp_path: Path) -> None:
    body = "import warnings\ndef f(x):\n    warnings.warn('old')\n    np.float64(0) / 0\n    return 1.0"
    assert expected(tmp_path, body) == 1.0


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    lines = refused(
        tmp_path,
        "def f(x):\n    if x == 2: raise ValueError('two')\n    return x",
        "{args: [1], weight: -1}",
        "{args: [2]}",
        "{args: [{zeros: -1}]}",
        "{args: [null]}",
        "{args: []}",
        "{args: [1], expect: {}}",
        head="seed: -1",
    )
    assert [line.partition(": ")[0] for line in lines] == [
        f"hw.yaml:{line}" for line in (3, 13, 14, 15, 16, 17, 18)
    ]


def test_a_missing_function_and_a_mistake_elsewhere_are_told_at_once(tmp_path: Path) -> None:
    lines = refused(tmp_path, "def g(x): return x", "{args: [1], colour: 1}")
    assert [line.partition(";")[0] for line in lines] == [
        "hw.yaml:11: P.function: hw.py has no function `f`",
        "hw.yaml:13: P.cases[0].colour: unknown field",
    ]


def test_arguments_that_are_too_large_only_together(tmp_path: Path) -> None:
    (line,) = refused(tmp_path, "def f(x): return 1", *["{args: [{zeros: [1000000]}]}"] * 3)
    assert line.startswith("hw.yaml:4: questions: all these arguments together are too large")


def test_arguments_that_are_nested_too_deep_for_a_plan(tmp_path: Path) -> None:
    deep = "{list: [" * 14 + "1" + "]}" * 14
    (line,) = refused(tmp_path, "def f(x): return 1", f"{{args: [{deep}]}}")
    assert "nested too deep" in line


def test_what_the_reference_prints_leaves_standard_output_to_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reference.py").write_text("print('loading')\n\n\ndef f(x):\n    print('calling')\n    return x\n")
    (tmp_path / "rubric.yaml").write_text(
        "assignment: a\nreference: reference.py\nquestions:\n"
        "  - {id: q, title: q, parts: [{id: p, title: p, points: 1, function: f, cases: [{args: [[1]]}]}]}\n"
    )
    compile_rubric(load_rubric(tmp_path / "rubric.yaml"), tmp_path)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "loading\ncalling\n"


def test_an_unusable_reference_is_told_with_the_rubric_s_line_and_its_own(tmp_path: Path) -> None:
    lines = refused(tmp_path, "x = 1\ndef f(:", "{args: [1], weight: 0}", "{args: [1]}")
    assert lines[0].startswith("hw.py:3: the reference has a syntax error: ")
    assert lines[1] == "hw.yaml:2: reference: this reference cannot be used; see the next line"
    assert lines[2].startswith("hw.yaml:13: P.cases[0].weight: ")


def test_a_reference_that_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "hw.yaml"
    file.write_text(TINY.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(AuthorError, match=r"tiny\.py:1: the reference cannot be read: "):
        compile_rubric(load_rubric(file), tmp_path)


def test_a_paper_with_helpers_that_cannot_be_given_away(tmp_path: Path) -> None:
    reference = "import math\ndef f(x): return x\ndef g(x): return math.exp(x)"
    lines = refused(tmp_path, reference, "{args: [1]}", head="give_away: [f, g, h]")
    assert lines == [
        "hw.yaml:3: give_away[1]: `g` uses math: what is given away uses numpy (as `np`) alone",
        "hw.yaml:3: give_away[2]: hw.py has no plain function `h` at module level to give away",
    ]


def test_a_part_is_built_on_functions_of_the_reference_s_that_are_not_its_own(tmp_path: Path) -> None:
    lines = refused(tmp_path, "def f(x): return x\ndef g(x): return x", "{args: [1]}", part="uses: [g, f, gg]")
    assert lines == [
        "hw.yaml:14: P.uses[1]: `f` is this part's own answer",
        "hw.yaml:14: P.uses[2]: hw.py has no function `gg`; did you mean `g`?",
    ]


@pytest.mark.parametrize(
    ("head", "part", "most"),
    [
        ("", "uses: [g]", Fraction(4, 5)),
        ("follow_through: 0.5", "uses: [g]", Fraction(1, 2)),
        ("follow_through: 0.5", "{uses: [g], follow_through: 1}", Fraction(1)),
        ("", "follow_through: 1", Fraction(0)),
    ],
)
def test_how_much_a_right_helper_may_bring_is_the_part_s_or_the_rubric_s(
    tmp_path: Path, head: str, part: str, most: Fraction
) -> None:
    lines = part.strip("{}").replace("], ", "]\n")
    plan, _ = compiled(tmp_path, "def f(x): return x\ndef g(x): return x", "{args: [1]}", head=head, part=lines)
    (found,) = plan.parts()
    assert found.follow_through == most


def test_a_name_that_two_cases_have_is_told_once(tmp_path: Path) -> None:
    (told,) = refused(tmp_path, "def f(x): return x", "{name: a, args: [1]}", "{name: a, args: [2]}")
    assert told == "hw.yaml:14: P.cases[1].name: the case of `f` in part 1A `a` is there already, in line 13"
