"""What does not depend on a sitting: each function's questions, and what is reported of it when all is right."""

from __future__ import annotations

import contextlib
import operator
from collections.abc import Sequence
from dataclasses import dataclass

from grader import outcome as oc
from grader.judge import Question
from grader.judge.bulk import Bulk
from grader.key import Key
from grader.plan import Case, Plan
from grader.report import CaseReport, PartReport
from grader.wire import WireError
from grader.worker.answers import seal
from grader.worker.letters import RETURNED

_MILLISECONDS = 3
_SHORT_SECONDS = 0.0005
"""What takes less, takes no millisecond."""


def milliseconds(outcomes: Sequence[oc.Outcome]) -> float:
    """Return how long calls took together, in seconds with three decimals: answers come in bursts."""
    return round(sum([outcome.seconds for outcome in outcomes]), _MILLISECONDS)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One function's.

    Attributes:
        questions: one for each case.
        bulk: what decides at once whether all answers are right; None where nothing does.
        expected: the key's own answers; empty where nothing decides.
        right: the report on each case, when it is right, prints nothing and takes no time.
    """

    questions: tuple[Question, ...]
    bulk: Bulk | None
    expected: tuple[oc.Answered, ...]
    right: tuple[CaseReport, ...]

    def right_cases(self, outcomes: Sequence[Sequence[oc.Outcome]]) -> tuple[CaseReport, ...] | None:
        """Return the reports on all cases if they are right beyond doubt; None for anything to look into.

        Args:
            outcomes: of each case's calls.
        """
        if self.bulk is None:
            return None
        results = [calls[0].result for calls in outcomes]
        if not all(map(operator.is_, results, self.expected)) and not self.bulk.holds(results):
            return None
        if any(calls[0].printed for calls in outcomes):
            return None
        if max((calls[0].seconds for calls in outcomes), default=0.0) < _SHORT_SECONDS:
            return self.right
        times = map(milliseconds, outcomes)
        return tuple(
            report.model_copy(update={"seconds": seconds}) if seconds else report
            for report, seconds in zip(self.right, times, strict=True)
        )


class Sheets:
    """All of a plan's.

    Attributes:
        of: by part and function.
        known: the key's own answers: most answers of most classes come in their very bytes.
        whole: the report on each part of which everything is right, as far as there has been one.

    Args:
        plan: the plan.
        key: its key.

    Raises:
        KeyError: the key does not belong to the plan.
    """

    def __init__(self, plan: Plan, key: Key) -> None:
        expectations = {item.case: item for item in key.expectations}
        self.of: dict[tuple[str, str], Sheet] = {}
        self.known: dict[int, oc.KnownAnswer] = {}
        self.whole: dict[str, PartReport] = {}
        for part, answer in plan.functions():
            questions = tuple(
                expectations[case.id].question(answer, case, key.shape_credit) for case in answer.cases
            )
            right = tuple(_right(answer.function, case) for case in answer.cases)
            bulk = Bulk.of(questions)
            expected = () if bulk is None else tuple(map(oc.Answered, bulk.values))
            self.of[part.id, answer.function] = Sheet(questions, bulk, expected, right)
            for case, answered in zip(answer.cases, expected, strict=False):
                number = plan.numbers[case.id][0]
                # What does not fit the wire is no answer that comes from a box.
                with contextlib.suppress(WireError):
                    self.known[number] = oc.KnownAnswer(seal((RETURNED, number, answered.value, [])), answered)


def _right(function: str, case: Case) -> CaseReport:
    return CaseReport(
        answer=function,
        name=case.name,
        visibility=case.visibility,
        status="right",
        credit=1.0,
        message="",
        staff_message="",
        seconds=0.0,
    )
