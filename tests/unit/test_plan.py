from __future__ import annotations

import dataclasses
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from grader.plan import (
    Call,
    Case,
    Compiled,
    FunctionAnswer,
    Limits,
    Part,
    Plan,
    Question,
    WrittenAnswer,
    compile_plan,
    load_plan,
)
from grader.records import RecordError, dump
from grader.reference import Reference, load_reference
from grader.rubric import load_rubric

TINY = Path(__file__).parent / "tiny" / "tiny.yaml"

# Pinned: when it changes, every plan in use is another one, and every finished report is graded anew.
DIGEST = "ea823cd2b85b2c9323350d32457e0d41eefd2897b6a4a22d0ba1aa9e25f3b425"

REFERENCE = """\
import math
import numpy as np
def f(x): return x
def g(x, k): return x
def no_parameters(): return 1
def rest(*x): return 1
def softmax(x): return x
built_in = math.hypot
ufunc = np.exp
class Model:
    def __init__(self, x): pass
"""


def compiled(folder: Path, *cases: str, function: str = "f", seed: int = 0) -> Compiled:
    """Compile a rubric of one part: its function stands in line 11, its cases from line 13 on."""
    (folder / "hw.py").write_text(REFERENCE)
    file = folder / "hw.yaml"
    head = f"assignment: hw\nreference: hw.py\nseed: {seed}\nquestions:\n- id: Q\n  title: Question\n  parts:\n"
    part = f"  - id: 1A\n    title: Part\n    points: 1\n    function: {function}\n    cases:\n"
    file.write_text(head + part + "".join(f"    - {case}\n" for case in cases))
    reference = load_reference(folder / "hw.py")
    assert isinstance(reference, Reference)
    loaded = load_rubric(file)
    assert loaded.problems == ()
    return compile_plan(loaded, reference)


def the_problem(result: Compiled) -> str:
    (problem,) = result.problems
    return str(problem).rpartition("/")[2]


def tiny() -> Compiled:
    reference = load_reference(TINY.with_suffix(".py"))
    assert isinstance(reference, Reference)
    return compile_plan(load_rubric(TINY), reference)


def test_the_whole_paper() -> None:
    result = tiny()
    plan = result.plan
    assert result.problems == []
    assert (plan.assignment, plan.title) == ("tiny", "tiny")
    assert plan.limits == Limits(2, 20, 60, 1024)
    assert [(part.id, part.points) for part in plan.parts()] == [("1A", Fraction(3, 2)), ("1B", 2), ("2A", 0)]
    assert [question.id for question in plan.questions] == ["1", "2"]
    assert list(plan.variables()) == ["WHY"]
    assert [case.id for case in plan.cases()] == [
        "1A/halved/1", "1A/halved/drawn", "1A/halved/narrow", "1A/halved/whole", "1A/halved/chosen",
        "1B/both/1", "1B/both/far", "2A/halved/1",
    ]  # fmt: skip
    assert set(result.sources) == {case.id for case in plan.cases()}
    both, why = plan.questions[0].parts[1].answers
    assert isinstance(both, FunctionAnswer)
    assert (both.signature, both.scoring) == ("both(x, k)", "all")
    assert why == WrittenAnswer("WHY", ("Says why.",))


def test_cases_carry_what_the_rubric_says() -> None:
    first, drawn, narrow, _, chosen, *_ = tiny().plan.cases()
    assert (first.name, first.visibility) == ("case 1", "visible")
    assert (drawn.name, drawn.visibility) == ("drawn", "hidden")
    assert (first.weight, drawn.weight) == (Fraction(1), Fraction(1, 2))
    assert not first.essential
    assert narrow.essential
    assert first.call.observe == ()
    assert chosen.call.observe == (0,)
    assert chosen.call.args[0].dtype == np.float32
    assert drawn.call.args[0].shape == (3, 4)


def test_arguments_by_name_and_by_position_are_the_same(tmp_path: Path) -> None:
    result = compiled(tmp_path, "{args: {k: 2, x: 1}}", "{args: [1, 2]}", function="g")
    assert [case.call for case in result.plan.cases()] == [Call("g", (1, 2)), Call("g", (1, 2))]


def test_draws_are_the_case_s_and_the_parameter_s_own(tmp_path: Path) -> None:
    pair = "{name: a, args: [{normal: []}, {normal: []}]}"
    result = compiled(tmp_path, pair, "{args: [{normal: []}, 1]}", function="g")
    first, second = result.plan.cases()
    assert len({*first.call.args, second.call.args[0]}) == 3
    alone = compiled(tmp_path, "{args: [1, 1]}", pair, function="g")
    assert list(alone.plan.cases())[1].call.args == first.call.args
    other = compiled(tmp_path, pair, function="g", seed=1)
    assert next(other.plan.cases()).call.args != first.call.args


def test_a_function_without_parameters(tmp_path: Path) -> None:
    result = compiled(tmp_path, "{name: a}", "{args: []}", "{args: {}}", function="no_parameters")
    assert result.problems == []
    assert [case.call.args for case in result.plan.cases()] == [(), (), ()]


def test_a_class_is_called_with_what_its_constructor_takes(tmp_path: Path) -> None:
    assert next(compiled(tmp_path, "{args: {x: 1}}", function="Model").plan.cases()).call.args == (1,)


def test_hidden_cases_without_a_name_say_that_they_are_hidden(tmp_path: Path) -> None:
    cases = ("{args: [1]}", "{args: [1], visibility: hidden}", "{args: [1], visibility: after_published}")
    names = [case.name for case in compiled(tmp_path, *cases).plan.cases()]
    assert names == ["case 1", "hidden case 2", "hidden case 3"]


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        ("sofmax", "hw.py has no function `sofmax`; did you mean `softmax`?"),
        ("convolution", "hw.py has no function `convolution`"),
        ("np", "hw.py has no function `np`"),
    ],
)
def test_a_function_that_the_reference_lacks(tmp_path: Path, function: str, hint: str) -> None:
    result = compiled(tmp_path, "{args: [1]}", function=function)
    assert the_problem(result) == f"hw.yaml:11: questions[0].parts[0].function: {hint}"
    assert list(result.plan.cases()) == []


def test_a_function_that_hides_its_parameters(tmp_path: Path) -> None:
    result = compiled(tmp_path, "{args: [1, 2]}", function="built_in")
    if result.problems:
        assert "`built_in` of hw.py does not tell its parameters; write it with `def`" in the_problem(result)
    # Some versions of numpy tell a ufunc's parameters and others do not; neither may raise.
    assert len(compiled(tmp_path, "{args: [1]}", function="ufunc").problems) <= 1


@pytest.mark.parametrize("args", ["[]", "[1, 2]", "{}", "{y: 1}", "{x: 1, y: 1}"])
def test_arguments_that_are_not_the_parameters(tmp_path: Path, args: str) -> None:
    text = "hw.yaml:13: questions[0].parts[0].cases[0].args: these must be the parameters x, each once"
    assert the_problem(compiled(tmp_path, f"{{args: {args}}}")) == text


def test_arguments_for_a_function_that_takes_none(tmp_path: Path) -> None:
    for function in ("no_parameters", "rest"):
        text = the_problem(compiled(tmp_path, "{args: [1]}", function=function))
        assert text.endswith("these must be the parameters (none), each once")


def test_every_argument_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    cases = ("{args: {x: {zeros: -1}, k: {normal: x}}}", "{args: [1, [1, a]]}", "{args: [1, 1]}")
    result = compiled(tmp_path, *cases, function="g")
    shown = [str(problem).rpartition("/")[2] for problem in result.problems]
    assert [line.partition(": a ")[0] for line in shown] == [
        "hw.yaml:13: questions[0].parts[0].cases[0].args.x",
        "hw.yaml:13: questions[0].parts[0].cases[0].args.k",
        "hw.yaml:14: questions[0].parts[0].cases[1].args[1]",
    ]
    assert [case.id for case in result.plan.cases()] == ["1A/g/3"]


@pytest.mark.parametrize("unchanged", ["[y]", "[x, y]", "[x, x]"])
def test_only_parameters_stay_unchanged(tmp_path: Path, unchanged: str) -> None:
    text = the_problem(compiled(tmp_path, f"{{args: [1], unchanged: {unchanged}}}"))
    assert text == "hw.yaml:13: questions[0].parts[0].cases[0].unchanged: `f` has the parameters x"


def test_a_name_that_is_another_case_s_number(tmp_path: Path) -> None:
    result = compiled(tmp_path, '{name: "2", args: [1]}', "{args: [2]}")
    assert "hw.yaml:14: questions[0].parts[0].cases[1].name: " in the_problem(result)
    assert len(list(result.plan.cases())) == 1


def test_a_plan_is_read_back_as_it_was_written() -> None:
    plan = tiny().plan
    again = load_plan(plan.dump())
    assert again.dump() == plan.dump()
    assert again.digest == plan.digest
    assert [case.id for case in again.cases()] == [case.id for case in plan.cases()]
    assert again.questions[0].parts[0].points == Fraction(3, 2)
    pair = list(again.cases())[5].call.args[0]
    assert type(pair) is tuple
    assert pair[0] == 1
    assert pair[1][0].tolist() == [0.0, 1.0, 0.0]


def test_the_digest_is_of_all_that_the_plan_says() -> None:
    plan = tiny().plan
    assert dataclasses.replace(plan).digest == plan.digest
    assert dataclasses.replace(plan, rubric_digest="x").digest != plan.digest
    assert dataclasses.replace(plan, limits=Limits(3, 20, 60, 1024)).digest != plan.digest
    assert dataclasses.replace(plan, questions=plan.questions[:1]).digest != plan.digest


def test_the_digest_is_pinned_and_the_same_in_another_process() -> None:
    program = "import sys; sys.path.insert(0, sys.argv[1]); import test_plan; print(test_plan.tiny().plan.digest)"
    command = [sys.executable, "-c", program, str(Path(__file__).parent)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert tiny().plan.digest == shown.stdout.strip() == DIGEST


def test_a_plan_holds_no_answer() -> None:
    kinds = (Plan, Question, Part, FunctionAnswer, WrittenAnswer, Case, Call)
    fields = {field.name for kind in kinds for field in dataclasses.fields(kind)}
    assert not fields & {"expect", "expected", "value", "tolerance", "rtol", "atol", "hint", "nonfinite"}


@pytest.mark.parametrize("content", [b"", b"grader plan 2\nN", b"grader key 1\nN", b"grader plan 1\n"])
def test_what_is_no_plan_is_refused(content: bytes) -> None:
    with pytest.raises(RecordError):
        load_plan(content)


def test_another_record_is_no_plan() -> None:
    for record in (Limits(1, 2, 3, 4), None):
        with pytest.raises(RecordError, match="it holds no plan"):
            load_plan(dump(record, b"grader plan 1\n"))


def test_a_damaged_plan_is_refused_or_can_be_written_again() -> None:
    content = tiny().plan.dump()
    refused = 0
    for position in range(14, len(content), 5):
        damaged = content[:position] + bytes((content[position] ^ 0x55,)) + content[position + 1 :]
        try:
            plan = load_plan(damaged)
        except RecordError:
            refused += 1
        else:
            assert load_plan(plan.dump()).digest == plan.digest
    assert refused > 100
