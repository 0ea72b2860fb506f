from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.late import deduction, duration, known_seconds
from grader.plan import LatePolicy
from grader.report import LateReport
from grader.submission import NOWHERE, Origin

HOUR, DAY = 3600, 86400
TEN_A_DAY = LatePolicy(deduct=Fraction(1, 10), period=DAY, grace=0, cap=Fraction(1), cutoff=None)


def policy(**fields: Any) -> LatePolicy:
    made: dict[str, Any] = {
        "deduct": Fraction(1, 10),
        "period": DAY,
        "grace": 0,
        "cap": Fraction(1),
        "cutoff": None,
    }
    return LatePolicy(**{**made, **fields})


def late(
    seconds: float | None, *, by: LatePolicy | None = TEN_A_DAY, score: str = "80", marked: bool | None = None
) -> LateReport | None:
    return deduction(by, Origin(late=marked, late_seconds=seconds), Decimal(score), Decimal(100))


def off(*arguments: Any, **options: Any) -> float | None:
    found = late(*arguments, **options)
    return None if found is None else float(found.deducted)


def test_each_started_period_costs_its_share_of_the_whole() -> None:
    found = late(DAY + 3 * HOUR)
    assert found is not None
    assert (found.seconds, float(found.deducted)) == (DAY + 3 * HOUR, 20)
    assert found.message == "1 day 3 h late: 2 started days, 20 % of 100 points are taken off."


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-5, None), (0, None), (0.01, 10), (DAY, 10), (DAY + 0.5, 20), (9 * DAY, 80)]
)
def test_a_period_is_over_at_its_end(seconds: float, expected: float | None) -> None:
    assert off(seconds) == expected


def test_the_share_is_of_the_maximum_not_of_the_score() -> None:
    assert off(HOUR, score="15.5") == 10


def test_never_more_than_was_earned() -> None:
    found = late(3 * DAY, score="12.5")
    assert found is not None
    assert found.deducted == Decimal("12.5")
    assert found.message.endswith("30 % of 100 points are taken off, but no more than the 12.5 earned.")
    assert off(3 * DAY, score="0") == 0


def test_grace_is_free_and_after_it_all_of_the_time_counts() -> None:
    by = policy(period=HOUR, grace=2 * HOUR, deduct=Fraction(1, 20))
    assert off(2 * HOUR, by=by) is None
    found = late(2 * HOUR + 1, by=by)
    assert found is not None
    assert found.message == "2 h 1 min late: 3 started hours, 15 % of 100 points are taken off."


def test_the_cap() -> None:
    found = late(30 * DAY, by=policy(cap=Fraction(1, 4)))
    assert found is not None
    assert found.deducted == 25
    assert found.message == "30 days late: 30 started days, at most 25 % of 100 points are taken off."
    assert "at most" not in getattr(late(5 * DAY, by=policy(cap=Fraction(1, 2))), "message", "at most")


def test_after_the_cut_off_nothing_counts_whatever_the_cap() -> None:
    by = policy(cap=Fraction(1, 4), cutoff=2 * DAY)
    assert off(2 * DAY, by=by) == 20
    found = late(2 * DAY + 1, by=by)
    assert found is not None
    assert found.deducted == 80
    assert found.message == "2 days 1 h late: nothing counts later than 2 days after the due date."


@pytest.mark.parametrize("seconds", [None, 0.0, -3.0, float("nan"), float("inf")])
def test_late_by_an_unknown_time_costs_what_any_lateness_does(seconds: float | None) -> None:
    found = late(seconds, marked=True)
    assert found is not None
    assert (found.seconds, float(found.deducted)) == (None, 10)
    assert (
        "does not say by how much, so the least is taken off: 1 started day, 10 % of 100 points" in found.message
    )
    assert found.message.endswith("are taken off. Course staff may correct this.")


def test_late_by_an_unknown_time_is_free_where_there_is_a_grace() -> None:
    found = late(None, by=policy(grace=HOUR), marked=True)
    assert found is not None
    assert found.deducted == 0
    assert "Nothing is taken off up to 1 h, so nothing is. Course staff may" in found.message


def test_late_by_an_unknown_time_where_nothing_late_counts() -> None:
    found = late(None, by=policy(cutoff=0), marked=True)
    assert found is not None
    assert (float(found.deducted), found.message[-20:]) == (80, "nothing late counts.")


@pytest.mark.parametrize("seconds", [None, float("nan")])
def test_where_nobody_says_nothing_is_taken_off(seconds: float | None) -> None:
    assert late(seconds) is None


def test_without_a_policy_or_origin_nothing_is_taken_off() -> None:
    assert late(5 * DAY, by=None, marked=True) is None
    assert deduction(TEN_A_DAY, NOWHERE, Decimal(3), Decimal(4)) is None


def test_a_platform_that_says_in_time_is_believed() -> None:
    assert late(5 * DAY, marked=False) is None


def test_points_are_rounded_once_halves_up() -> None:
    by = policy(deduct=Fraction(1, 3))
    found = deduction(by, Origin(late_seconds=2 * DAY), Fraction(10), Fraction(10))
    assert found is not None
    assert found.deducted == Decimal("6.67")
    assert "66.67 % of 10 points" in found.message


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.5, "1 s"),
        (58.9, "59 s"),
        (59.9, "1 min"),
        (60, "1 min"),
        (61, "1 min 1 s"),
        (3600, "1 h"),
        (3 * HOUR + 20 * 60, "3 h 20 min"),
        (DAY - 1, "24 h"),
        (DAY + 59 * 60, "1 day 1 h"),
        (2 * DAY + HOUR, "2 days 1 h"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_time_that_is_no_number_is_unknown() -> None:
    assert known_seconds(Origin(late_seconds=float("inf"))) is None
    assert known_seconds(Origin(late_seconds=-2.5)) == -2.5


FRACTIONS = st.fractions(min_value=0, max_value=1, max_denominator=100)


@given(
    by=st.builds(
        LatePolicy,
        deduct=FRACTIONS,
        period=st.sampled_from([HOUR, DAY]),
        grace=st.floats(0, 1e6),
        cap=FRACTIONS,
        cutoff=st.none() | st.floats(0, 1e6),
    ),
    times=st.tuples(st.floats(0, 1e9), st.floats(0, 1e9)),
    score=st.decimals(0, 100, places=2),
)
def test_later_never_costs_less_and_nothing_goes_below_zero(
    by: LatePolicy, times: tuple[float, float], score: Decimal
) -> None:
    found = [deduction(by, Origin(late_seconds=seconds), score, Decimal(100)) for seconds in sorted(times)]
    early, later = (report.deducted if report else Decimal(0) for report in found)
    assert 0 <= early <= later <= score
