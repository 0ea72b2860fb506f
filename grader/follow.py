"""Follow-through: which parts are asked again with a right helper in the place of a wrong one.

The helper enters the box as source, and only when the rubric gives it away. What comes back is judged and never
shown, so that nothing but the mark can leave with it.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from grader.plan import Part, Plan


@dataclass(frozen=True, slots=True)
class Again:
    """A sitting with helpers.

    Attributes:
        plan: the parts to ask again.
        lent: source of the helpers, by name.
    """

    plan: Plan
    lent: dict[str, str]


def again(plan: Plan, wrong: Collection[str], imperfect: Collection[str]) -> Iterator[Again]:
    """Yield the sittings to hold, one for each set of helpers.

    Args:
        plan: what was asked.
        wrong: the functions that are not right.
        imperfect: ids of the parts that did not earn all their points.
    """
    groups: dict[frozenset[str], list[str]] = {}
    for part in plan.parts():
        helpers = wrong_helpers(plan, part, wrong)
        if helpers and part.id in imperfect:
            groups.setdefault(frozenset(helpers), []).append(part.id)
    for names, ids in groups.items():
        yield Again(_only(plan, ids), _with_their_own(plan.helpers, names))


def _with_their_own(helpers: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    """Return the source of helpers, and of those that they call themselves."""
    lent: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in helpers and name not in lent:
            lent[name] = helpers[name]
            waiting += [node.id for node in ast.walk(ast.parse(lent[name])) if isinstance(node, ast.Name)]
    return {name: lent[name] for name in helpers if name in lent}


def wrong_helpers(plan: Plan, part: Part, wrong: Collection[str]) -> tuple[str, ...]:
    """Return the helpers of a part that are wrong and that the course gives away."""
    return tuple(name for name in part.uses if name in wrong and name in plan.helpers)


def _only(plan: Plan, ids: Collection[str]) -> Plan:
    questions = (
        replace(question, parts=tuple(part for part in question.parts if part.id in ids))
        for question in plan.questions
    )
    return replace(plan, questions=tuple(question for question in questions if question.parts))
