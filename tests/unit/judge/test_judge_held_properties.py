"""What the examples from the rubric's YAML (key/test_key_properties.py) leave out: tolerances and the odd."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge import checks as ch
from grader.judge.compare import Terms
from grader.judge.numbers import Unfit
from grader.judge.properties import View, central_differences, holds, same
from grader.judge.verdict import Right, Wrong
from grader.plan import Call
from grader.transforms import Transform
from grader.wire import Opaque, decode, encode

TERMS = Terms(rtol=1e-6, atol=1e-9)
NAN = float("nan")


def verdict(
    check: ch.Check, *answers: Any, args: Any = None, after: Any = None, terms: Terms = TERMS
) -> Right | Wrong:
    calls = [Call("f" if number == 0 else "g", (number,)) for number in range(len(answers))]
    return holds(check, View(calls, list(answers), args or {}, after or {}, terms))


def right(check: ch.Check, *answers: Any, **more: Any) -> bool:
    return isinstance(verdict(check, *answers, **more), Right)


EVERY = [
    ch.SameResult((1,)),
    ch.Equivariant(1, "x", Transform("scale", 2.0)),
    ch.Joins((1, 2), "concatenate", (1, 1)),
    ch.Joins((1, 2), "mean", (1, 1)),
    ch.SumsTo(1.0, None),
    ch.Within(0.0, 1.0),
    *(ch.Holds(what) for what in ("positive", "finite", "integer", "symmetric")),
    ch.HasShape(()),
    ch.Monotone("increasing", -1),
    ch.Recovers(1, "x", 1.0),
    ch.Differentiates((1, 2), "g", (), 0.1),
    ch.Agrees(1),
]


@pytest.mark.parametrize("check", EVERY, ids=lambda check: str(check)[:40])
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("text", "your answer is text, where numbers are due"),
        ({"a": 1}, "your answer is a dict, where numbers are due"),
        (Opaque("generator"), "your answer is a generator; return a list or a numpy array"),
        ([[1], [1, 2]], "your answer is a list whose items have different lengths"),
        (10**400, "your answer is an integer that no float can hold"),
        (1 + 1e-3j, "your answer is complex, where real numbers are due"),
        (complex(1, NAN), "your answer is complex, where real numbers are due"),
        (np.array([1, 1j]), "your answer is complex, where real numbers are due"),
    ],
    ids=str,
)
def test_no_property_holds_of_what_is_no_number(check: ch.Check, answer: Any, reason: str) -> None:
    found = verdict(check, answer, answer, answer)
    assert isinstance(found, Wrong)
    assert found.reason.startswith(reason)


@pytest.mark.parametrize("check", EVERY, ids=lambda check: str(check)[:40])
@pytest.mark.parametrize(
    "answer", [NAN, float("inf"), np.array([1.0, NAN]), [[1, -np.inf], [-np.inf, 1]]], ids=str
)
def test_nor_of_what_is_not_finite(check: ch.Check, answer: Any) -> None:
    if check != ch.HasShape(()):
        assert isinstance(verdict(check, answer, answer, answer), Wrong)


def test_a_rounding_s_imaginary_part_is_none() -> None:
    assert right(ch.Within(0, 2), np.array([1 + 1e-17j]))
    assert right(ch.Agrees(1), 1.0, 1 + 1e-12j)


@pytest.mark.parametrize("dtype", ["float16", "float32", "int8", "uint64", "bool", "complex64"])
def test_numbers_are_numbers_in_every_dtype(dtype: str) -> None:
    answer = np.ones((2, 2), dtype)
    assert right(ch.SumsTo(4.0, None), answer)
    assert right(ch.Within(1, 1), answer)
    assert right(ch.Holds("positive"), answer)
    assert right(ch.Holds("symmetric"), answer)
    assert right(ch.SameResult((1,)), answer, np.ones((2, 2)))
    assert right(ch.Monotone("nondecreasing", 0), answer)


def test_lists_and_numbers_of_python_s_are_too() -> None:
    assert right(ch.SumsTo(3.0, None), [1, 2])
    assert right(ch.HasShape((2,)), (1, 2))
    assert right(ch.HasShape(()), 1)
    assert right(ch.Agrees(1), [1, 2], np.array([1.0, 2.0]))


# Tolerances.


def test_sums_and_ranges_have_the_case_s_tolerance() -> None:
    loose = Terms(rtol=0.01, atol=0.0)
    assert right(ch.SumsTo(1.0, None), [0.5, 0.5 + 1e-7])
    assert not right(ch.SumsTo(1.0, None), [0.5, 0.5 + 1e-5])
    assert right(ch.SumsTo(1.0, None), [0.5, 0.505], terms=loose)
    assert right(ch.Within(0.0, 1.0), [1 + 1e-7, -1e-10])
    assert not right(ch.Within(0.0, 1.0), [1 + 1e-5])
    assert not right(ch.Within(0.0, 1.0), [-1e-7])
    assert right(ch.Within(0.0, 1.0), 1.009, terms=loose)


def test_steps_have_the_absolute_tolerance_where_they_may_be_level() -> None:
    assert right(ch.Monotone("nondecreasing", 0), [1, 1 - 1e-10])
    assert not right(ch.Monotone("nondecreasing", 0), [1, 1 - 1e-8])
    assert right(ch.Monotone("nonincreasing", 0), [1, 1 + 1e-10])
    assert not right(ch.Monotone("nonincreasing", 0), [1, 1 + 1e-8])
    for direction in ("increasing", "decreasing"):
        assert not right(ch.Monotone(direction, 0), [1, 1])
    assert right(ch.Monotone("decreasing", 0), [2, 1, -5])


def test_whole_numbers_are_exactly_that() -> None:
    assert right(ch.Holds("integer"), [1.0, -2, 0])
    assert not right(ch.Holds("integer"), [1 + 1e-9])


def test_answers_of_the_student_s_own_are_compared_as_right_ones_are() -> None:
    assert right(ch.SameResult((1, 2)), 1.0, 1 + 1e-7, 1 - 1e-7)
    assert not right(ch.SameResult((1, 2)), 1.0, 1 + 1e-7, 1.1)
    assert not right(ch.SameResult((1,)), [1.0], 1.0)


# Odd shapes.


def test_axes_count_from_both_ends() -> None:
    rows = [[0.25, 0.75], [0.5, 0.5]]
    assert right(ch.SumsTo(1.0, 1), rows)
    assert right(ch.SumsTo(1.0, -1), rows)
    assert not right(ch.SumsTo(1.0, 0), rows)
    for axis in (2, -3):
        assert verdict(ch.SumsTo(1.0, axis), rows) == Wrong("the answer has too few axes", "got shape (2, 2)")
        assert verdict(ch.Monotone("increasing", axis), rows) == Wrong(
            "the answer has too few axes", "got shape (2, 2)"
        )


def test_nothing_sums_to_nothing_and_has_no_entry_that_is_wrong() -> None:
    assert right(ch.SumsTo(0.0, None), [])
    assert not right(ch.SumsTo(1.0, None), [])
    assert right(ch.Holds("positive"), [])
    assert right(ch.Within(0, 1), np.zeros((0, 3)))
    assert right(ch.Monotone("increasing", 0), [])
    assert right(ch.Holds("symmetric"), np.zeros((0, 0)))


def test_a_number_is_no_sequence() -> None:
    assert not right(ch.Monotone("increasing", -1), 1.0)
    assert not right(ch.Holds("symmetric"), 1.0)
    assert verdict(ch.Holds("positive"), -1.0) == Wrong("an entry is not positive", "got -1.0")


def test_a_change_that_does_not_fit_the_answer_is_about_its_shape() -> None:
    check = ch.Equivariant(1, "x", Transform("permute", [1, 0, 2]))
    assert verdict(check, [1, 2], [2, 1]) == Wrong("the shape is wrong", "got (2,)")
    assert verdict(ch.Equivariant(1, "x", Transform("reverse")), 1.0, 1.0) == Wrong("the shape is wrong", "got ()")


def test_pieces_are_joined() -> None:
    concatenate, total, mean = (ch.Joins((1, 2), how, (1, 3)) for how in ("concatenate", "sum", "mean"))
    assert right(concatenate, [1, 2, 3], [1], [2, 3])
    assert right(total, 4.0, 1.0, 3.0)
    assert right(mean, 2.5, 1.0, 3.0)
    assert not right(mean, 2.0, 1.0, 3.0)
    assert right(mean, [2.5, 5], [1.0, 2], [3.0, 6])
    for check in (concatenate, total):
        found = verdict(check, [1, 2, 3], [[1]], [2, 3, 4])
        if isinstance(found, Wrong):
            assert found.reason == "the whole at once and piece by piece do not give the same"
    assert "the shapes (), ()" in getattr(verdict(concatenate, 1.0, 1.0, 2.0), "detail", "")


def test_a_sum_too_large_for_a_float_is_not_finite() -> None:
    check = ch.Joins((1, 2), "sum", ())
    assert verdict(check, 1e308, 1.7e308, 1.7e308) == Wrong("your answer holds NaN or infinity", "inf")


# Derivatives.


def test_a_derivative_has_the_axes_of_the_value_and_then_those_of_the_argument() -> None:
    ups_and_downs = [np.array([1.0, 2.0, 3.0]) * sign * number for number in (1, 2) for sign in (1, -1)]
    found = central_differences(ups_and_downs, (2, 1), 0.5)
    assert found.shape == (3, 2, 1)
    assert found[:, :, 0].tolist() == [[2, 4], [4, 8], [6, 12]]
    assert central_differences([np.array(3.0), np.array(1.0)], (), 0.5).shape == ()


@pytest.mark.parametrize(
    "values",
    [
        [np.zeros(2), np.zeros(3)],
        [np.array(1j), np.array(1j)],
        [Unfit("is text"), np.zeros(2)],
        [np.zeros(2), Unfit("is text")],
    ],
    ids=str,
)
def test_what_is_no_real_number_has_no_derivative(values: Any) -> None:
    with pytest.raises(ValueError, match="it does not return real numbers, always in the same shape"):
        central_differences(values, (), 0.1)


def test_integers_and_booleans_are_differentiated_without_wrapping_around() -> None:
    values: list[Any] = [np.array(0, np.uint8), np.array(1, np.uint8)]
    assert central_differences(values, (), 0.5) == -1
    assert central_differences([np.array(v) for v in (False, True)], (), 0.5) == -1


# Arguments.


def test_arguments_are_the_same_bit_by_bit() -> None:
    check = ch.Leaves(("a", "b"))
    before = {"a": np.array([1.0, -0.0]), "b": [1]}
    assert right(check, 1.0, args=before, after=decode(encode(before)))
    for other in (np.array([1.0, 0.0]), np.array([[1.0, -0.0]]), [1.0, -0.0], np.array([1, -0.0], np.float32)):
        assert not same(before["a"], other)
    assert verdict(check, 1.0, args=before, after={**before, "b": [2]}) == Wrong(
        "`f` changes its argument `b`; work on a copy"
    )
    assert not right(check, 1.0, args=before, after={"a": before["a"]})
