from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from grader.rubric import Answer, Case, Limits, Part, Rubric, Tolerance
from grader.rubric.source import Located

CASE = {"args": [1]}
MISTAKE = {"function": "g", "says": "x"}
PART = {"id": "1A", "title": "A part", "points": 2, "function": "f", "cases": [CASE]}
RUBRIC = {
    "assignment": "hw",
    "reference": "hw.py",
    "questions": [{"id": "1", "title": "A question", "parts": [PART]}],
}


def faults(model: Any, data: object) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    return [(item["loc"], item["msg"]) for item in caught.value.errors()]


def test_the_least_rubric_has_these_defaults() -> None:
    rubric = Rubric.model_validate(RUBRIC)
    assert rubric.title is None
    assert (rubric.seed, rubric.shape_credit) == (0, Decimal(0))
    assert rubric.tolerance == Tolerance(rtol=1e-6, atol=1e-9)
    assert rubric.limits == Limits(
        seconds=2, import_seconds=20, submission_seconds=60, memory_mb=1024, scratch_mb=0
    )
    (part,) = rubric.questions[0].parts
    (case,) = part.cases
    assert (part.scoring, part.written, part.criteria) == ("weighted", None, [])
    assert case.visibility == "visible"
    assert (case.weight, case.essential, case.nonfinite) == (Decimal(1), False, False)
    assert (case.name, case.hint, case.expect, case.expect_any) == (None, None, None, [])
    assert (case.observe, case.property) == (None, None)
    assert (part.observe, part.mistakes, part.uses, part.follow_through) == ("return", [], [], None)
    assert (rubric.mistakes, rubric.float32, rubric.give_away) == (None, False, [])
    assert rubric.follow_through == Decimal("0.8")
    assert case.tolerance == Tolerance(rtol=None, atol=None)


def test_points_are_exact() -> None:
    parts = [Part.model_validate({**PART, "points": points}) for points in (0.1, "0.2", 3, 2.50)]
    assert [part.points for part in parts] == [Decimal("0.1"), Decimal("0.2"), Decimal(3), Decimal("2.5")]


@pytest.mark.parametrize(
    "points",
    [-1, -0.01, 1.005, 100_001, True, "many", None, float("nan"), float("inf"), 10**900, [1], "1e-999999999"],
)
def test_impossible_points(points: object) -> None:
    ((path, _),) = faults(Part, {**PART, "points": points})
    assert path == ("points",)


@pytest.mark.parametrize(
    ("rtol", "atol"),
    [
        (-1e-6, 0),
        (1, 0),
        (2, 0),
        (0, -1),
        (float("nan"), 0),
        (0, float("nan")),
        (0, float("inf")),
        (float("inf"), 0),
    ],
)
def test_impossible_tolerances(rtol: float, atol: float) -> None:
    assert faults(Tolerance, {"rtol": rtol, "atol": atol})


@pytest.mark.parametrize("data", [{"rtol": 0, "atol": 0}, {"rtol": 1e-17, "atol": 0}])
def test_a_tolerance_that_no_float_can_meet(data: dict[str, float]) -> None:
    ((path, message),) = faults(Tolerance, data)
    assert path == ()
    assert "no float can be this exact" in message


@pytest.mark.parametrize(
    "data", [{}, {"rtol": 0}, {"atol": 0}, {"rtol": 0, "atol": 1e-9}, {"rtol": 1e-12, "atol": 0}]
)
def test_possible_tolerances(data: dict[str, float]) -> None:
    assert Tolerance.model_validate(data).model_dump(exclude_none=True) == data


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seconds", 0), ("seconds", -1), ("seconds", 3601), ("seconds", float("nan")), ("seconds", float("inf")),
        ("import_seconds", 0), ("submission_seconds", 0), ("seconds", 10**400),
        ("memory_mb", 100), ("memory_mb", 1.5), ("memory_mb", 10**9),
    ],
)  # fmt: skip
def test_impossible_limits(name: str, value: object) -> None:
    ((path, _),) = faults(Limits, {name: value})
    assert path == (name,)


@pytest.mark.parametrize("weight", [0, -1, 1001, float("nan"), "1e-999999999", 1e-13])
def test_impossible_weights(weight: object) -> None:
    ((path, _),) = faults(Case, {"weight": weight})
    assert path == ("weight",)


@pytest.mark.parametrize("credit", [-0.1, 1.1, float("nan"), "1e-999999999"])
def test_impossible_shape_credit(credit: object) -> None:
    ((path, _),) = faults(Rubric, {**RUBRIC, "shape_credit": credit})
    assert path == ("shape_credit",)


@pytest.mark.parametrize("args", [5, "x", None, True, 1.5])
def test_wrong_arguments_are_one_mistake(args: object) -> None:
    assert faults(Case, {"args": args}) == [
        (("args",), "Value error, arguments are a mapping by parameter name, or a list by position")
    ]


def test_arguments_are_kept_as_they_are() -> None:
    args = {"x": [1, [2.5]], "y": {"normal": [3]}, "z": " text "}
    assert Case.model_validate({"args": args}).args == args
    assert Case.model_validate({"args": [1, None]}).args == [1, None]


@pytest.mark.parametrize(
    ("typed", "meant"), [("on", True), ("NO", False), ("yes", True), ("off", False), (True, True)]
)
def test_words_for_yes_and_no_mean_that_where_one_of_them_is_due(typed: object, meant: bool) -> None:
    assert Case.model_validate({"essential": typed}).essential is meant


@pytest.mark.parametrize("visibility", ["visible", "hidden", "after_due_date", "after_published"])
def test_visibilities(visibility: str) -> None:
    assert Case.model_validate({"visibility": visibility}).visibility == visibility


def test_there_is_no_other_visibility() -> None:
    ((path, _),) = faults(Case, {"visibility": "secret"})
    assert path == ("visibility",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "give either `function:` with cases, or `written:`"),
        ({"function": "f", "written": "W", "cases": [CASE]}, "give either `function:` with cases, or `written:`"),
        ({"function": "f"}, "`f` has no cases; without one it cannot be graded"),
        ({"function": "f", "cases": []}, "`f` has no cases; without one it cannot be graded"),
        ({"function": "f", "cases": [CASE], "criteria": ["x"]}, "`criteria:` belongs to a written answer"),
        ({"written": "W", "cases": [CASE]}, "`cases:` belong to a function"),
        ({"written": "W", "mistakes": [{"function": "g", "says": "x"}]}, "`mistakes:` belong to a function"),
    ],
)
def test_an_answer_is_a_function_or_a_text(data: dict[str, object], message: str) -> None:
    assert faults(Answer, data) == [((), f"Value error, {message}")]
    part = {"id": "1", "title": "t", "points": 1, **data}
    assert faults(Part, part) == [((), f"Value error, {message}")]


@pytest.mark.parametrize(
    "extra", [{"function": "f"}, {"written": "W"}, {"cases": [CASE]}, {"criteria": ["x"]}, {"mistakes": [MISTAKE]}]
)
def test_several_answers_stand_alone(extra: dict[str, object]) -> None:
    answers = [{"function": "g", "cases": [CASE]}, {"written": "V"}]
    data = {"id": "1", "title": "t", "points": 1, "answers": answers}
    assert [answer.function for answer in Part.model_validate(data).all_answers] == ["g", None]
    assert "give either `answers:`" in faults(Part, {**data, **extra})[0][1]


def test_a_part_with_one_answer_is_that_answer() -> None:
    part = Part.model_validate(PART)
    assert part.all_answers == (part,)


@pytest.mark.parametrize("name", ["", "2x", "a b", "class", "a-b", "x" * 101, "f()"])
def test_a_function_s_name_is_python_s(name: str) -> None:
    assert [path for path, _ in faults(Part, {**PART, "function": name})] == [("function",)]


@pytest.mark.parametrize("name", ["f", "_f", "größe", "x" * 100])
def test_names_of_python_s(name: str) -> None:
    assert Part.model_validate({**PART, "function": name}).function == name


@pytest.mark.parametrize("identifier", ["", " ", "a b", "x" * 41, "a\tb", "a\nb", "\u202e1A"])
def test_impossible_ids(identifier: str) -> None:
    assert {path for path, _ in faults(Part, {**PART, "id": identifier})} == {("id",)}


@pytest.mark.parametrize("line", ["", "  ", "two\nlines", "\x1b[2J", "x" * 301, "\u202e", 5, ["x"]])
def test_texts_for_people_are_one_printable_line(line: object) -> None:
    assert {path[0] for path, _ in faults(Part, {**PART, "title": line})} == {"title"}
    assert {path[0] for path, _ in faults(Case, {"hint": line})} == {"hint"}
    assert {path[:2] for path, _ in faults(Answer, {"written": "W", "criteria": [line]})} == {("criteria", 0)}


@pytest.mark.parametrize("assignment", ["", "../hw3", "hw 3", ".hidden", "a/b", "hw3\n", "x" * 101])
def test_an_assignment_s_id_is_safe_in_file_names(assignment: str) -> None:
    data = {**RUBRIC, "assignment": assignment}
    if assignment == "hw3\n":
        assert Rubric.model_validate(data).assignment == "hw3"
    else:
        assert [path for path, _ in faults(Rubric, data)] == [("assignment",)]


@pytest.mark.parametrize("seed", [-1, 1.5, "x", None])
def test_impossible_seeds(seed: object) -> None:
    assert [path for path, _ in faults(Rubric, {**RUBRIC, "seed": seed})] == [("seed",)]


@pytest.mark.parametrize("model", [Rubric, Limits, Tolerance, Case, Answer, Part])
def test_unknown_fields_are_refused_everywhere(model: type[Rubric]) -> None:
    known: dict[Any, dict[str, Any]] = {Rubric: RUBRIC, Part: PART, Answer: {"written": "W"}}
    found = faults(model, {**known.get(model, {}), "colour": 1})
    assert found == [(("colour",), "Extra inputs are not permitted")]


def test_every_mistake_is_found_at_once() -> None:
    data: Any = copy.deepcopy(RUBRIC)
    data["seed"] = -1
    data["questions"][0]["title"] = ""
    data["questions"][0]["parts"][0]["points"] = -1
    data["questions"][0]["parts"][0]["cases"].append({"weight": 0, "visibility": "x"})
    part = ("questions", 0, "parts", 0)
    assert {path for path, _ in faults(Rubric, data)} == {
        ("seed",),
        ("questions", 0, "title"),
        (*part, "points"),
        (*part, "cases", 1, "weight"),
        (*part, "cases", 1, "visibility"),
    }


def test_a_model_remembers_where_it_stands_in_the_file() -> None:
    data = Located(PART)
    data.path = ("questions", 3, "parts", 1)
    assert Part.model_validate(data).path == ("questions", 3, "parts", 1)
    assert Part.model_validate(PART).path == ()


def test_a_rubric_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Rubric.model_validate(RUBRIC).seed = 3
