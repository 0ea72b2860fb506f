"""Is one set of answers the same as another? How a known mistake is recognised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from grader.judge.answers import Question, agrees
from grader.judge.verdict import Right
from grader.wire import Opaque, Value


def alike(question: Question, expected: Sequence[Value], got: Sequence[Value]) -> bool:
    """Whether `got` is `expected` for every call of a case, by the judge's own rules.

    Args:
        question: the case; NaN and infinity count as values, also where it forbids them.
        expected: what is judged of each call, of values that are known to be plain.
        got: the same of a student's.
    """
    lenient = replace(question, terms=replace(question.terms, nonfinite=True, shape_credit=Fraction(0)))
    return len(expected) == len(got) and all(
        not isinstance(item, Opaque) and isinstance(agrees(want, item, lenient), Right)
        for want, item in zip(expected, got, strict=True)
    )
