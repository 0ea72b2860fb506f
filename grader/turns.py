"""In which order a submission is asked its cases, which of them together, and with which arguments."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Sequence

from grader import outcome as oc
from grader.plan import Case, Earlier, Plan
from grader.wire import Value

TOGETHER_BYTES = 1 << 20
"""Bytes of letters that are sent together."""


def is_hidden(case: Case) -> bool:
    """Whether a student must not learn what the case is called with."""
    return case.visibility != "visible"


def in_turn(plan: Plan) -> deque[Case]:
    """Return all cases: visible ones first, then what most depends on, in case time runs out."""

    def turn(case: Case) -> int:
        return 0 if not is_hidden(case) else 1 if case.essential else 2

    return deque(sorted(plan.cases(), key=turn))


def take_group(waiting: deque[Case], plan: Plan, together: int = TOGETHER_BYTES) -> list[Case]:
    """Take the next cases that can be asked together: of one visibility, and without calls that need answers.

    What a hidden case is called with is not in the box while a visible one is answered. The first one is taken in
    any case.

    Args:
        waiting: what is left of them.
        plan: theirs.
        together: bytes of letters that are sent together, roughly.
    """
    group = [waiting.popleft()]
    if group[0].id not in plan.letters:
        return group
    hidden, room = is_hidden(group[0]), together - plan.sizes[group[0].id]
    while waiting and room >= 0 and is_hidden(waiting[0]) == hidden and waiting[0].id in plan.sizes:
        group.append(waiting.popleft())
        room -= plan.sizes[group[-1].id]
    return group


def letters_of(group: Sequence[Case], plan: Plan, known: oc.Known) -> tuple[list[bytes], list[bytes | None]]:
    """Return the letters, encoded, that ask all calls of a group, and for each the known answer, or None."""
    ids = [case.id for case in group]
    payloads = [*itertools.chain.from_iterable(map(plan.letters.__getitem__, ids))]
    numbers = itertools.chain.from_iterable(map(plan.numbers.__getitem__, ids))
    answers = map(known.get, numbers)
    return payloads, [None if answer is None else answer.payload for answer in answers]


def take_function(waiting: deque[Case], function: str) -> list[Case]:
    """Take the cases of a function."""
    taken = [case for case in waiting if case.call.function == function]
    kept = [case for case in waiting if case.call.function != function]
    waiting.clear()
    waiting.extend(kept)
    return taken


def argument(arg: Value | Earlier, made: Sequence[oc.Outcome]) -> Value:
    """Return the value to send: the argument itself, or what an earlier call answered."""
    result = made[arg.call].result if isinstance(arg, Earlier) else None
    return result.value if isinstance(result, oc.Answered) else arg
