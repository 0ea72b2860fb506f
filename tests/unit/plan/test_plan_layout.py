from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.plan import Call, Earlier
from grader.plan.layout import MAX_ENTRIES, Arguments, LayoutError, Surroundings, displaced, lay_out, transform
from grader.rubric import Property

FUNCTIONS = {"f": ("x", "k"), "loss": ("x",), "undo": ("z", "k"), "far": ("x", "y"), "none": ()}
X = np.array([1.0, 2.0, 4.0])


def make(function: str, written: Any, _at: tuple[str | int, ...], left_out: frozenset[str]) -> Arguments:
    names = [name for name in FUNCTIONS[function] if name not in left_out]
    given = written if isinstance(written, dict) else dict(zip(names, written, strict=False))
    assert set(given) == set(names)
    return {name: np.array(value, float) if isinstance(value, list) else value for name, value in given.items()}


def surroundings(**args: Any) -> Surroundings:
    return Surroundings("f", ("x", "k"), (1,), {"x": X, "k": 3, **args}, make, lambda name, _at: FUNCTIONS[name])


def laid(wanted: dict[str, Any], **args: Any) -> list[Call]:
    calls, numbers = lay_out(Property.model_validate(wanted), surroundings(**args))
    assert list(numbers.values()) == [tuple(range(1, len(calls) + 1))] * bool(calls) or not calls
    return list(calls)


def shown(calls: list[Call]) -> list[tuple[Any, ...]]:
    """Return names and arguments, arrays as lists."""
    return [
        (call.function, *(getattr(arg, "tolist", lambda arg=arg: arg)() for arg in call.args)) for call in calls
    ]


def test_what_looks_at_one_answer_needs_no_other_call() -> None:
    wanted = {
        "value": True,
        "sums_to": 1,
        "within": [0, 1],
        "positive": True,
        "shape": [],
        "leaves_arguments": True,
    }
    assert lay_out(Property.model_validate(wanted), surroundings()) == ((), {})


def test_of_other_argument_sets_only_what_differs_is_written() -> None:
    calls = laid({"same_result": [{"k": 5}, {"x": [7], "k": 1}, [[8], 2]]})
    assert shown(calls) == [("f", [1.0, 2.0, 4.0], 5), ("f", [7.0], 1), ("f", [8.0], 2)]
    assert {call.observe for call in calls} == {(1,)}


@pytest.mark.parametrize(
    ("by", "changed"),
    [
        ({"permute": [2, 0, 1]}, [4, 1, 2]),
        ({"reverse": True}, [4, 2, 1]),
        ({"scale": 2}, [2, 4, 8]),
        ({"shift": -1}, [0, 1, 3]),
        ({"transpose": True}, [1, 2, 4]),
        ({"same": True}, [1, 2, 4]),
    ],
)
def test_one_argument_is_changed(by: dict[str, Any], changed: list[float]) -> None:
    assert shown(laid({"equivariant": {"argument": "x", "by": by}})) == [("f", changed, 3)]


def test_a_number_stays_a_number() -> None:
    (call,) = laid({"equivariant": {"argument": "k", "by": {"scale": 2}}})
    assert call.args[1] == 6
    assert type(call.args[1]) is float


def test_a_whole_is_cut_along_its_first_axis() -> None:
    calls = laid({"split": {"arguments": ["x"], "at": [1, 2]}})
    assert shown(calls) == [("f", [1.0], 3), ("f", [2.0], 3), ("f", [4.0], 3)]
    calls = laid({"split": {"arguments": ["x", "k"], "at": [1]}}, k=np.eye(3))
    assert shown(calls)[0] == ("f", [1.0], [[1, 0, 0]])
    assert shown(calls)[1] == ("f", [2.0, 4.0], [[0, 1, 0], [0, 0, 1]])


def test_the_inverse_is_given_the_answer_and_the_arguments_of_its_other_names() -> None:
    assert laid({"inverse_of": "undo"}) == [Call("undo", (Earlier(0), 3))]
    assert laid({"inverse_of": {"function": "loss", "argument": "k"}}) == [Call("loss", (Earlier(0),))]


def test_a_gradient_of_the_reference_s_needs_no_call_of_the_student_s() -> None:
    assert laid({"gradient_of": "loss"}) == []


def test_a_gradient_of_the_student_s_takes_two_calls_for_an_entry() -> None:
    calls = laid({"gradient_of": {"function": "loss", "whose": "student", "step": 0.5}})
    moved = [[1.5, 2, 4], [0.5, 2, 4], [1, 2.5, 4], [1, 1.5, 4], [1, 2, 4.5], [1, 2, 3.5]]
    assert shown(calls) == [("loss", entries) for entries in moved]
    given = {"function": "far", "whose": "student", "step": 1, "argument": "y", "args": {"x": [1], "y": 2}}
    assert shown(laid({"gradient_of": given})) == [("far", [1.0], 3.0), ("far", [1.0], 1.0)]


def test_another_function_gets_the_arguments_of_its_names_or_those_that_are_written() -> None:
    assert shown(laid({"agrees_with": "loss"})) == [("loss", [1.0, 2.0, 4.0])]
    assert shown(laid({"agrees_with": {"function": "far", "args": {"x": 1, "y": 2}}})) == [("far", 1, 2)]


def test_several_properties_look_at_calls_of_their_own() -> None:
    wanted = {"same_result": [{"k": 5}], "agrees_with": "loss", "inverse_of": "undo", "sums_to": 1}
    calls, numbers = lay_out(Property.model_validate(wanted), surroundings())
    assert [call.function for call in calls] == ["f", "undo", "loss"]
    assert numbers == {"same_result": (1,), "inverse_of": (2,), "agrees_with": (3,)}


@pytest.mark.parametrize(
    ("wanted", "at", "text"),
    [
        (
            {"equivariant": {"argument": "y", "by": {"same": True}}},
            "equivariant argument",
            "has the parameters x, k",
        ),
        ({"equivariant": {"argument": "x", "by": {"permute": [0, 1]}}}, "equivariant by", "no order of 3 entries"),
        (
            {"equivariant": {"argument": "x", "by": {"reverse": True, "axis": 1}}},
            "equivariant by",
            "cannot be changed",
        ),
        ({"split": {"arguments": ["y"], "at": [1]}}, "split arguments 0", "`f` has the parameters x, k"),
        ({"split": {"arguments": ["x", "y"], "at": [1]}}, "split arguments 1", "`f` has the parameters x, k"),
        ({"split": {"arguments": ["k"], "at": [1]}}, "split", "`k` is no array to be cut"),
        ({"split": {"arguments": ["x"], "at": [2, 1]}}, "split", "`at` is not increasing"),
        ({"split": {"arguments": ["x"], "at": [1, 1]}}, "split", "`at` is not increasing"),
        ({"split": {"arguments": ["x"], "at": [3]}}, "split at", "`x` has 3 rows; cut it before its end"),
        ({"inverse_of": {"function": "undo", "argument": "y"}}, "inverse_of argument", "has the parameters x, k"),
        ({"inverse_of": "far"}, "inverse_of", "`far` also takes y, which this case does not give"),
        ({"inverse_of": "none"}, "inverse_of", "`none` takes no argument"),
        ({"gradient_of": "far"}, "gradient_of", "`far` also takes y; give its arguments under `args:`"),
        ({"gradient_of": "none"}, "gradient_of argument", "`none` has no argument `` of real numbers"),
        (
            {"gradient_of": {"function": "loss", "argument": "k"}},
            "gradient_of argument",
            "`loss` has no argument `k`",
        ),
        (
            {"gradient_of": {"function": "loss", "args": {"x": "a"}}},
            "gradient_of argument",
            "no argument `x` of real",
        ),
        (
            {"gradient_of": {"function": "loss", "args": {"x": []}}},
            "gradient_of argument",
            "no argument `x` of real",
        ),
        ({"agrees_with": "far"}, "agrees_with", "`far` also takes y; give its arguments under `args:`"),
    ],
)
def test_a_property_that_does_not_fit_its_function(wanted: dict[str, Any], at: str, text: str) -> None:
    with pytest.raises(LayoutError) as caught:
        laid(wanted)
    assert " ".join(map(str, caught.value.at)) == at
    assert text in str(caught.value)


def test_a_function_without_parameters_says_so() -> None:
    alone = Surroundings("f", (), (), {}, make, lambda name, _at: FUNCTIONS[name])
    wanted = Property.model_validate({"equivariant": {"argument": "x", "by": {"same": True}}})
    with pytest.raises(LayoutError, match="`f` has the parameters none"):
        lay_out(wanted, alone)
    with pytest.raises(LayoutError, match="`f` has the parameters none"):
        lay_out(Property.model_validate({"inverse_of": "loss"}), alone)


@pytest.mark.parametrize("value", [[np.zeros(2), np.zeros(3)], True, None, "text", 1j, {"a": 1}])
def test_only_real_numbers_are_differentiated_by(value: Any) -> None:
    with pytest.raises(LayoutError, match="`loss` has no argument `x` of real numbers"):
        laid({"gradient_of": "loss"}, x=value)


@pytest.mark.parametrize(("size", "fits"), [(MAX_ENTRIES, True), (MAX_ENTRIES + 1, False)])
def test_a_student_s_function_is_differentiated_by_few_entries(size: int, fits: bool) -> None:
    wanted = {"gradient_of": {"function": "loss", "whose": "student"}}
    if fits:
        assert len(laid(wanted, x=np.zeros(size))) == 2 * size
    else:
        with pytest.raises(LayoutError, match=f"`x` has more than {MAX_ENTRIES} entries to differentiate by"):
            laid(wanted, x=np.zeros(size))


@pytest.mark.parametrize(
    ("value", "moved"),
    [
        (2, [2.5, 1.5]),
        (np.array([1, 2], np.int64), [[1.5, 2], [0.5, 2], [1, 2.5], [1, 1.5]]),
        (np.array([[1.0], [2.0]], np.float32), [[[1.5], [2]], [[0.5], [2]], [[1], [2.5]], [[1], [1.5]]]),
        ([1.0], [[1.5], [0.5]]),
    ],
)
def test_every_entry_is_moved_up_and_down(value: Any, moved: list[Any]) -> None:
    found = displaced(value, 0.5)
    assert [np.asarray(item).tolist() for item in found] == moved
    assert all(type(item) is float or item.dtype == np.float64 for item in found)


def test_a_transform_is_what_the_rubric_writes() -> None:
    wanted = Property.model_validate({"equivariant": {"argument": "x", "by": {"permute": [1, 0], "axis": 1}}})
    assert wanted.equivariant is not None
    made = transform(wanted.equivariant.by)
    assert (made.kind, made.by, made.axis) == ("permute", [1, 0], 1)
