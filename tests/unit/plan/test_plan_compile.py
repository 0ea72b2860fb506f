from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.plan import (
    Call,
    Compiled,
    FunctionAnswer,
    Limits,
    WrittenAnswer,
    compile_plan,
)
from grader.reference import Reference, load_reference
from grader.rubric import load_rubric

TINY = Path(__file__).parents[1] / "tiny" / "tiny.yaml"

REFERENCE = """\
import numpy as np
def f(x): return x
def g(x, k): return x
def no_parameters(): return 1
def rest(*x): return 1
def softmax(x): return x
class Hiding:
    __signature__ = "none"
    def __call__(self, x): return x
hiding = Hiding()
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


def array(call: Call) -> Any:
    """Return the first argument of a call."""
    return call.args[0]


def test_the_whole_paper() -> None:
    result = tiny()
    plan = result.plan
    assert result.problems == []
    assert (plan.assignment, plan.title) == ("tiny", "tiny")
    assert plan.limits == Limits(2, 20, 60, 1024)
    assert [(part.id, part.points) for part in plan.parts()] == [
        ("1A", Fraction(3, 2)),
        ("1B", 2),
        ("2A", 0),
        ("3A", 1),
    ]
    assert [question.id for question in plan.questions] == ["1", "2", "3"]
    assert list(plan.variables()) == ["WHY"]
    assert [case.id for case in plan.cases()] == [
        "1A/halved/1", "1A/halved/drawn", "1A/halved/narrow", "1A/halved/whole", "1A/halved/chosen",
        "1B/both/1", "1B/both/far", "2A/halved/1",
        "3A/share/turned round", "3A/share/in other units", "3A/share/two conventions",
    ]  # fmt: skip
    assert set(result.sources) == {case.id for case in plan.cases()}
    both, why = plan.questions[0].parts[1].answers
    assert isinstance(both, FunctionAnswer)
    assert (both.signature, both.scoring) == ("both(x, k)", "all")
    assert why == WrittenAnswer("WHY", ("Says why.",))


def test_a_case_is_a_call_and_those_that_its_property_compares_it_with() -> None:
    result = tiny()
    *_, turned, units, conventions = result.plan.cases()
    assert [array(call).tolist() for call in turned.calls] == [[1, 2, 5], [5, 2, 1]]
    assert [array(call).tolist() for call in units.calls] == [[1, 2, 5], [2, 4, 10]]
    assert turned.call is turned.calls[0]
    assert len(conventions.calls) == 1
    assert result.sources[turned.id].calls == {"equivariant": (1,)}


def test_a_part_says_what_it_is_built_on_and_the_paper_what_is_given_away() -> None:
    plan = tiny().plan
    *others, last = plan.parts()
    assert (last.uses, last.follow_through) == (("halved",), Fraction(4, 5))
    assert {(part.uses, part.follow_through) for part in others} == {((), Fraction(0))}
    assert plan.helpers == {"halved": "def halved(x):\n    return np.multiply(x, 0.5)"}


def test_cases_carry_what_the_rubric_says() -> None:
    first, drawn, narrow, _, chosen, *_ = tiny().plan.cases()
    assert (first.name, first.visibility) == ("case 1", "visible")
    assert (drawn.name, drawn.visibility) == ("drawn", "hidden")
    assert (first.weight, drawn.weight) == (Fraction(1), Fraction(1, 2))
    assert not first.essential
    assert narrow.essential
    assert first.call.observe == ()
    assert chosen.call.observe == (0,)
    assert array(chosen.call).dtype == np.float32
    assert array(drawn.call).shape == (3, 4)


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
    assert other.plan.cases()[0].call.args != first.call.args


def test_a_function_without_parameters(tmp_path: Path) -> None:
    result = compiled(tmp_path, "{name: a}", "{args: []}", "{args: {}}", function="no_parameters")
    assert result.problems == []
    assert [case.call.args for case in result.plan.cases()] == [(), (), ()]


def test_a_class_is_called_with_what_its_constructor_takes(tmp_path: Path) -> None:
    assert compiled(tmp_path, "{args: {x: 1}}", function="Model").plan.cases()[0].call.args == (1,)


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
    result = compiled(tmp_path, "{args: [1, 2]}", function="hiding")
    assert "`hiding` of hw.py does not tell its parameters; write it with `def`" in the_problem(result)
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


@pytest.mark.parametrize("names", ["[y]", "[x, y]", "[x, x]"])
def test_only_parameters_stay_unchanged(tmp_path: Path, names: str) -> None:
    text = the_problem(compiled(tmp_path, f"{{args: [1], property: {{leaves_arguments: {names}}}}}"))
    at = "questions[0].parts[0].cases[0].property.leaves_arguments"
    assert text == f"hw.yaml:13: {at}: `f` has the parameters x"


@pytest.mark.parametrize("names", ["[y]", "[x, y]", "[x, x]"])
def test_only_parameters_are_looked_at_after_the_call(tmp_path: Path, names: str) -> None:
    text = the_problem(compiled(tmp_path, f"{{args: [1], observe: {names}}}"))
    assert text == "hw.yaml:13: questions[0].parts[0].cases[0].observe: `f` has the parameters x"


def test_a_name_that_is_another_case_s_number(tmp_path: Path) -> None:
    result = compiled(tmp_path, '{name: "2", args: [1]}', "{args: [2]}")
    assert "hw.yaml:14: questions[0].parts[0].cases[1].name: " in the_problem(result)
    assert len(list(result.plan.cases())) == 1
