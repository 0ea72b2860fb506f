from __future__ import annotations

from collections import deque
from fractions import Fraction

import pytest

from grader import outcome as oc
from grader.plan import Call, Case, Earlier, FunctionAnswer, Limits, Part, Plan, Question
from grader.rubric import Visibility
from grader.turns import argument, in_turn, is_hidden, take_function, take_group


def _case(name: str, *args: object) -> Case:
    """Return a case: a capital is a hidden one, `!` an essential one, `+` one that needs an answer."""
    visibility: Visibility = "visible" if name[0].islower() else "hidden"
    calls: tuple[Call, ...] = (Call(name[0].lower(), args, ()),)
    if "+" in name:
        calls += (Call(name[0].lower(), (Earlier(0),), ()),)
    return Case(name, name, visibility, Fraction(1), essential="!" in name, calls=calls)


def _plan(*cases: Case) -> Plan:
    part = Part("P", "A part", Fraction(1), (FunctionAnswer("f", ("x",), "weighted", cases),))
    return Plan("hw", "Homework", "", Limits(1.0, 1.0, 10.0, 512), (Question("1", "One", (part,)),))


def _ids(cases: object) -> list[str]:
    return [case.id for case in cases]  # type: ignore[attr-defined]


def test_visible_ones_come_first_then_essential_ones() -> None:
    plan = _plan(*map(_case, ("A", "B!", "c", "D", "e!", "f")))
    assert _ids(in_turn(plan)) == ["c", "e!", "f", "B!", "A", "D"]


@pytest.mark.parametrize("visibility", ["hidden", "after_due_date", "after_published"])
def test_whatever_is_not_visible_is_hidden(visibility: Visibility) -> None:
    case = Case("x", "x", visibility, Fraction(1), essential=False, calls=())
    assert is_hidden(case)


def test_a_group_is_of_one_visibility() -> None:
    plan = _plan(*map(_case, ("a", "b", "C", "D!")))
    waiting = in_turn(plan)
    assert _ids(take_group(waiting, plan)) == ["a", "b"]
    assert _ids(take_group(waiting, plan)) == ["D!", "C"]
    assert not waiting


def test_it_never_goes_on_to_a_visible_one() -> None:
    plan = _plan(*map(_case, ("A", "b")))
    waiting = deque(plan.cases())
    assert _ids(take_group(waiting, plan)) == ["A"]
    assert _ids(waiting) == ["b"]


def test_what_needs_an_answer_is_alone() -> None:
    plan = _plan(*map(_case, ("a", "b+", "c+", "d", "e")))
    waiting = in_turn(plan)
    groups = []
    while waiting:
        groups.append(_ids(take_group(waiting, plan)))
    assert groups == [["a"], ["b+"], ["c+"], ["d", "e"]]


def test_letters_that_are_sent_together_are_bounded_and_a_large_one_goes_alone() -> None:
    sizes = {"a": 300, "b": 300, "c": 5000, "d": 5, "e": 5}
    plan = _plan(*(_case(name, "x" * size) for name, size in sizes.items()))
    waiting = in_turn(plan)
    groups = []
    while waiting:
        groups.append(_ids(take_group(waiting, plan, 1000)))
    assert groups == [["a", "b", "c"], ["d", "e"]]
    waiting = in_turn(plan)
    assert [_ids(take_group(waiting, plan, 0)) for _ in range(5)] == [[name] for name in sizes]


def test_the_cases_of_a_function_are_taken_in_their_order() -> None:
    plan = _plan(*map(_case, ("a", "b", "a!", "c", "A")))
    waiting = deque(plan.cases())
    assert _ids(take_function(waiting, "a")) == ["a", "a!", "A"]
    assert _ids(waiting) == ["b", "c"]


def test_an_argument_is_itself_or_what_an_earlier_call_answered() -> None:
    made = [oc.Outcome(oc.Answered(7.0)), oc.Outcome(oc.TimedOut(1.0))]
    assert argument(3.0, made) == 3.0
    assert argument(Earlier(0), made) == 7.0
    assert argument(Earlier(1), made) == Earlier(1)
