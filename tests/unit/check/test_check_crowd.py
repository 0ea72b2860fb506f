from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader import outcome as oc
from grader.check import crowd
from grader.check.crowd import Candidate, sit_together
from grader.check.papers import only_functions
from grader.check.tasks import Room
from grader.plan import Plan
from grader.sandbox import Delivered, Overdue, Reply
from grader.wire import encode
from grader.worker import letters

RIGHT = "def double(x): return 2.0 * x\n"
SLOW = "import time\ndef double(x): time.sleep(60)\n"


def _sit(room: Room, *sources: str, beside: dict[str, bytes] | None = None) -> Sequence[oc.Sitting | None]:
    plan = only_functions(room.exam.plan)
    candidates = [Candidate(source.encode(), plan) for source in sources]
    return sit_together(candidates, beside or {}, room.box)


def _first(plan: Plan, sitting: oc.Sitting | None) -> oc.Result:
    assert sitting is not None
    assert list(sitting.outcomes) == [case.id for case in plan.cases()]
    return next(iter(sitting.outcomes.values()))[0].result


def test_each_answers_for_itself(room: Room) -> None:
    wrong = "def double(x): return x\n"
    results = [_first(room.exam.plan, sitting) for sitting in _sit(room, RIGHT, wrong, RIGHT)]
    values = [result.value for result in results if isinstance(result, oc.Answered)]
    np.testing.assert_array_equal(np.array(values), [[3.0, -4.0], [1.5, -2.0], [3.0, -4.0]])


def test_what_they_import_lies_beside_them(room: Room) -> None:
    (sitting,) = _sit(room, "from tools import double\n", beside={"tools.py": RIGHT.encode()})
    assert isinstance(_first(room.exam.plan, sitting), oc.Answered)


def test_a_module_that_fails_costs_no_other(room: Room) -> None:
    broken, empty, right = _sit(room, "raise ValueError\n", "", RIGHT)
    assert isinstance(_first(room.exam.plan, broken), oc.Missing)
    assert isinstance(_first(room.exam.plan, empty), oc.Missing)
    assert isinstance(_first(room.exam.plan, right), oc.Answered)


def test_a_call_that_does_not_come_back_costs_no_other(room: Room) -> None:
    first, slow, last = _sit(room, RIGHT, SLOW, RIGHT)
    assert slow is None
    assert isinstance(_first(room.exam.plan, first), oc.Answered)
    assert isinstance(_first(room.exam.plan, last), oc.Answered)


def test_all_of_them_may_be_lost(room: Room) -> None:
    assert _sit(room, SLOW) == [None]


class _Lost:
    """A worker that answers one letter and no more."""

    def ask_all(self, payloads: Sequence[bytes], *_: object) -> list[Reply]:
        replies: list[Reply] = [Delivered(None, 0.0, ""), Overdue(0.0, "")]
        return replies[: len(payloads)]


def test_letters_in_a_row() -> None:
    worker: Any = crowd._ImpatientWorker(_Lost())  # type: ignore[arg-type]
    first, second = (encode((letters.CALL, number, f"double__{number}", [], [])) for number in (4, 5))
    assert len(list(worker.ask_all([first], 1.0, 0.0, [None]))) == 1
    with pytest.raises(crowd._HungError) as caught:
        list(worker.ask_all([first, second, first], 1.0, 0.0, [None] * 3))
    assert caught.value.number == 5


def test_an_import_that_does_not_come_back_is_nobody_s_call(room: Room) -> None:
    hanging = "import time\ntime.sleep(60)\ndef double(x): return 2.0 * x\n"
    limits = replace(room.exam.plan.limits, import_seconds=1.0)
    plan = replace(only_functions(room.exam.plan), limits=limits)
    candidates = [Candidate(source.encode(), plan) for source in (RIGHT, hanging)]
    right, lost = sit_together(candidates, {}, room.box)
    assert lost is None
    assert isinstance(_first(plan, right), oc.Answered)
