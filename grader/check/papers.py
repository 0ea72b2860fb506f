"""Selections and variations of a plan's cases, for a proof."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np

from grader.plan import Case, FunctionAnswer, Part, Plan
from grader.wire import Value


def asking(plan: Plan, functions: Collection[str]) -> Plan:
    """Return the plan with only the cases that call one of `functions`, without written answers."""
    return _each_case(plan, lambda case: case if any(call.function in functions for call in case.calls) else None)


def in_float32(plan: Plan) -> Plan:
    """Return the plan with its arrays of float64 as float32, without written answers."""
    return _each_case(plan, _narrow)


def only_functions(plan: Plan) -> Plan:
    """Return the plan without written answers and without helpers to lend: follow-through is for students."""
    return _each_case(plan, lambda case: case)


def _each_case(plan: Plan, change: Callable[[Case], Case | None]) -> Plan:
    """Return the plan with its cases changed, and without answers and parts that keep none."""
    questions = []
    for question in plan.questions:
        parts = tuple(part for part in (_part(item, change) for item in question.parts) if part.answers)
        questions += [replace(question, parts=parts)] if parts else []
    return replace(plan, questions=tuple(questions), helpers={})


def _part(part: Part, change: Callable[[Case], Case | None]) -> Part:
    answers = []
    for answer in part.answers:
        if isinstance(answer, FunctionAnswer):
            cases = tuple(case for case in map(change, answer.cases) if case is not None)
            answers += [replace(answer, cases=cases)] if cases else []
    return replace(part, answers=tuple(answers))


def _narrow(case: Case) -> Case:
    calls = (replace(call, args=tuple(map(_as_float32, call.args))) for call in case.calls)
    return replace(case, calls=tuple(calls))


def _as_float32(value: Value) -> Value:
    is_wide = isinstance(value, np.ndarray) and value.dtype == np.float64
    return value.astype(np.float32) if is_wide else value
