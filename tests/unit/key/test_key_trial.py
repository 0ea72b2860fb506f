from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader import outcome as oc
from grader.judge import Question, Terms
from grader.key.trial import TrialError, answered, judged, outcomes
from grader.plan import Call, Earlier
from grader.wire import Opaque


def tried(function: Callable[..., Any], *args: Any, observe: tuple[int, ...] = ()) -> oc.Outcome:
    (found,) = outcomes((Call("f", args, observe),), {"f": function})
    return found


def add(x: Any, y: Any) -> Any:
    x += y
    print("added", y)  # noqa: T201  (to be caught)
    return x


def test_a_call_is_what_a_student_s_would_be(capsys: pytest.CaptureFixture[str]) -> None:
    x = np.zeros(2)
    found = tried(add, x, 1, observe=(1, 0))
    assert answered(found).value.tolist() == [1, 1]
    after_y, after_x = answered(found).observed
    assert (after_y, after_x.tolist(), x.tolist()) == (1, [1, 1], [0, 0])
    assert found.printed == "added 1\n"
    assert capsys.readouterr().out == ""


def test_what_it_returns_is_no_longer_its_own() -> None:
    shared = np.zeros(2)
    found = answered(tried(lambda _: shared, 1)).value
    shared += 1
    assert found.tolist() == [0, 0]
    assert answered(tried(lambda x: {x}, 1)).value == Opaque("set")


def test_a_later_call_may_be_given_an_earlier_one_s_answer() -> None:
    calls = (Call("f", (2,)), Call("g", (Earlier(0), 5)), Call("g", (Earlier(1), Earlier(0))))
    found = outcomes(calls, {"f": lambda x: x * 10, "g": lambda a, b: a + b})
    assert [answered(item).value for item in found] == [20, 25, 45]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (lambda _: 1 / 0, "raises ZeroDivisionError: division by zero"),
        (lambda _: sys.exit(3), "raises SystemExit: 3"),
        (lambda _: np.broadcast_to(0.0, (1 << 30,)), "returns what cannot be kept: an array of shape"),
        (lambda x: x.append(x), "changes its arguments into what cannot be kept: the value is nested"),
    ],
)
def test_what_comes_to_no_answer(body: Callable[..., Any], text: str) -> None:
    with pytest.raises(TrialError) as caught:
        tried(body, [1], observe=(0,))
    assert str(caught.value).startswith(text)


def test_arguments_that_do_not_fit_the_wire() -> None:
    with pytest.raises(TrialError, match="takes what cannot be sent"):
        tried(lambda x: x, bytes(1 << 25))


def test_what_is_judged_of_it() -> None:
    calls = (Call("f", (1,)), Call("g", (2,)))

    def say(x: int) -> int:
        print("f")  # noqa: T201  (to be caught)
        return x

    found = outcomes(calls, {"f": say, "g": lambda x: x})
    for observe, first in (("return", 1), ("printed", "f\n")):
        asked = Question("f(x)", ("x",), calls, (), Terms(0, 0), observe)  # type: ignore[arg-type]
        assert judged(asked, found) == (first, 2)
