from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from grader import outcome as oc
from grader.judge.checks import Equals, Variant
from grader.key import Expectation, Key
from grader.plan import Call, Case, FunctionAnswer, Limits, Part, Plan, Question
from grader.sheets import Sheet, Sheets
from grader.wire import Value, decode
from grader.worker.letters import RETURNED


def _case(name: str) -> Case:
    return Case(name, name, "visible", Fraction(1), essential=False, calls=(Call("f", (1.0,)),))


def _expectation(name: str, value: Value, *, nonfinite: bool) -> Expectation:
    return Expectation(name, (Equals((Variant("", value),)),), "return", 1e-6, 1e-9, nonfinite=nonfinite, hint="")


def _sheets(*, value: Value = 2.0, nonfinite: bool = False) -> Sheets:
    answer = FunctionAnswer("f", ("x",), "weighted", (_case("a"), _case("b")))
    part = Part("1A", "Doubled", Fraction(2), (answer,))
    plan = Plan("hw", "Homework", "", Limits(2, 20, 60, 512), (Question("1", "One", (part,)),))
    key = Key(plan.digest, "", Fraction(0), tuple(_expectation(name, value, nonfinite=nonfinite) for name in "ab"))
    return Sheets(plan, key)


@pytest.fixture
def sheet() -> Sheet:
    return _sheets().of["1A", "f"]


def _outcomes(value: float = 2.0, seconds: float = 0.0001, printed: str = "") -> list[tuple[oc.Outcome, ...]]:
    first = oc.Outcome(oc.Answered(2.0), 0.0001, "")
    return [(first,), (oc.Outcome(oc.Answered(value), seconds, printed),)]


def test_what_is_right_in_no_time_is_reported_as_ever(sheet: Sheet) -> None:
    assert sheet.right_cases(_outcomes()) is sheet.right
    assert [(case.name, case.status, case.credit, case.seconds) for case in sheet.right] == [
        ("a", "right", 1.0, 0.0),
        ("b", "right", 1.0, 0.0),
    ]


def test_time_is_told_to_milliseconds(sheet: Sheet) -> None:
    cases = sheet.right_cases(_outcomes(seconds=0.1234567))
    assert cases is not None
    assert [case.seconds for case in cases] == [0.0, 0.123]
    assert [case.seconds for case in sheet.right] == [0.0, 0.0]


@pytest.mark.parametrize("outcomes", [_outcomes(3.0), _outcomes(printed="so")], ids=["wrong", "printed"])
def test_anything_else_is_looked_into(sheet: Sheet, outcomes: list[tuple[oc.Outcome, ...]]) -> None:
    assert sheet.right_cases(outcomes) is None


def test_the_keys_own_answers_are_known() -> None:
    sheets = _sheets()
    sheet = sheets.of["1A", "f"]
    assert {number: decode(known.payload) for number, known in sheets.known.items()} == {
        1: (RETURNED, 1, 2.0, []),
        2: (RETURNED, 2, 2.0, []),
    }
    assert tuple(known.result for known in sheets.known.values()) == sheet.expected
    known = [(oc.Outcome(answered),) for answered in sheet.expected]
    assert sheet.right_cases(known) is sheet.right
    assert sheet.right_cases([known[0], (oc.Outcome(oc.Answered(3.0)),)]) is None
    assert sheet.right_cases([known[0], (oc.Outcome(sheet.expected[1], printed="so"),)]) is None


def test_nothing_is_known_where_more_than_the_answer_counts() -> None:
    assert _sheets(nonfinite=True).known == {}


def test_an_answer_that_no_box_can_give_is_not_known() -> None:
    sheets = _sheets(value=[np.zeros(1 << 20)] * 3)
    assert sheets.known == {}
    assert sheets.of["1A", "f"].right_cases(_outcomes(3.0)) is None
