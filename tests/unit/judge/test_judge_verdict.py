from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest

from grader import judge
from grader.judge.verdict import NeedsReview, NoAnswer, Right, Wrong


def test_a_wrong_answer_earns_nothing_unless_it_says_so() -> None:
    assert Wrong("no").credit == 0
    assert isinstance(Wrong("no").credit, Fraction)
    assert Wrong("half", credit=Fraction(1, 2)).credit == Fraction(1, 2)


@pytest.mark.parametrize("verdict", [Wrong("why"), NoAnswer("why"), NeedsReview("why")])
def test_a_verdict_cannot_be_changed(verdict: Wrong | NoAnswer | NeedsReview) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        verdict.reason = "other"  # type: ignore[misc]


def test_what_is_safe_to_show_stands_apart_from_what_is_not() -> None:
    verdict = NoAnswer("safe", "unsafe")
    assert (verdict.reason, verdict.detail) == ("safe", "unsafe")
    assert NoAnswer("safe").detail == Wrong("safe").detail == ""


def test_kinds_of_verdict_are_told_apart() -> None:
    verdicts = {Wrong("why"), NoAnswer("why"), NeedsReview("why"), Right()}
    assert len(verdicts) == 4
    assert Right() in verdicts


def test_the_package_offers_the_judge_and_its_verdicts() -> None:
    assert {"judge_answer", "judge_text", "Right", "Wrong", "NoAnswer", "NeedsReview"} <= set(judge.__all__)
    assert all(hasattr(judge, name) for name in judge.__all__)
