"""Many modules before one worker: each as if it sat alone, for a fraction of the time.

A worker takes longer to start than a hundred answers. So the submission is a file that imports each module's
functions under names of their own, and the plan asks for these. They share an interpreter and nothing else; a call
that does not come back costs its module the exam, and the others sit again without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from grader import outcome as oc
from grader.check.impostors import submission
from grader.plan import Case, FunctionAnswer, Part, Plan, Question
from grader.sandbox import Box, Foreseen, Layer, Needs, Overdue, Reply, Worker
from grader.session import sit
from grader.wire import Value, decode
from grader.worker import letters


@dataclass(frozen=True, slots=True)
class Candidate:
    """One module, and what it is asked.

    Attributes:
        source: the module's.
        plan: functions only.
    """

    source: bytes
    plan: Plan


def sit_together(candidates: Sequence[Candidate], beside: dict[str, bytes], box: Box) -> list[oc.Sitting | None]:
    """Return what each candidate answered; None for one that did not come back.

    Args:
        candidates: at least one.
        beside: files that all of them can import.
        box: where they run.

    Raises:
        HostError: no worker can be started.
    """
    sittings: list[oc.Sitting | None] = [None] * len(candidates)
    waiting = [list(range(len(candidates)))]
    while waiting:
        group = waiting.pop()
        try:
            outcomes = _outcomes(candidates, group, beside, box)
        except _HungError as error:
            rest = [number for number in group if number != error.number]
            # Nobody knows who kept the import: each is asked alone.
            waiting += (
                [rest] * bool(rest) if error.number is not None else [[number] for number in group[1:] and group]
            )
            continue
        for number in group:
            mine = {case.id: outcomes[f"{number}:{case.id}"] for case in candidates[number].plan.cases()}
            sittings[number] = oc.Sitting(oc.Loaded(), 0.0, "", mine, {})
    return sittings


def _outcomes(
    candidates: Sequence[Candidate], group: Sequence[int], beside: dict[str, bytes], box: Box
) -> dict[str, tuple[oc.Outcome, ...]]:
    files = {f"candidate_{number}.py": candidates[number].source for number in group}
    entry: list[str] = []
    parts: list[Part] = []
    for number in group:
        plan = candidates[number].plan
        names = dict.fromkeys(call.function for case in plan.cases() for call in case.calls)
        entry += (f"from candidate_{number} import {name} as {_renamed(name, number)}" for name in names)
        parts += (_own(part, number) for part in plan.parts())
    first = candidates[group[0]].plan
    limits = replace(first.limits, submission_seconds=first.limits.submission_seconds * len(group))
    plan = replace(first, questions=(Question("", "", tuple(parts)),), limits=limits)
    sitting = sit(plan, submission("candidates", "\n".join(entry).encode(), {**beside, **files}), _Impatient(box))
    silence = oc.Outcome(oc.NotAsked("the module could not be loaded"))
    return {case.id: sitting.outcomes.get(case.id, (silence,) * len(case.calls)) for case in plan.cases()}


def _own(part: Part, number: int) -> Part:
    """Return a part that asks for one candidate's functions."""
    answers = (answer for answer in part.answers if isinstance(answer, FunctionAnswer))
    own = (replace(answer, cases=tuple(_own_case(case, number) for case in answer.cases)) for answer in answers)
    return replace(part, answers=tuple(own))


def _own_case(case: Case, number: int) -> Case:
    calls = (replace(call, function=_renamed(call.function, number)) for call in case.calls)
    return replace(case, id=f"{number}:{case.id}", calls=tuple(calls))


def _renamed(function: str, number: int) -> str:
    return f"{function}__{number}"


class _HungError(Exception):
    """A call, or the import, did not come back.

    Attributes:
        number: of the candidate whose call it was; None when it was the import.
    """

    def __init__(self, number: int | None) -> None:
        super().__init__(number)
        self.number = number


def _number(letter: Value) -> int | None:
    """Return whose call a letter asks for."""
    match letter:
        case (letters.CALL, _, str(name), *_):
            return int(name.rpartition("__")[2])
    return None


class _Impatient:
    """A box that gives up as soon as somebody makes it wait too long."""

    def __init__(self, box: Box) -> None:
        self._box = box

    def start(self, needs: Needs) -> Worker:
        return _ImpatientWorker(self._box.start(needs))

    def layers(self) -> tuple[Layer, ...]:
        return self._box.layers()


class _ImpatientWorker:
    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def ask(self, letter: Value, seconds: float) -> Reply:
        reply = self._worker.ask(letter, seconds)
        if isinstance(reply, Overdue):
            raise _HungError(_number(letter))
        return reply

    def ask_all(
        self, payloads: Sequence[bytes], seconds: float, deadline: float, foreseen: Sequence[bytes | None]
    ) -> Iterator[Reply | Foreseen]:
        replies = self._worker.ask_all(payloads, seconds, deadline, foreseen)
        for payload, reply in zip(payloads, replies, strict=False):
            if isinstance(reply, Overdue):
                raise _HungError(_number(decode(payload)))
            yield reply

    def near_memory_limit(self) -> bool:
        return self._worker.near_memory_limit()

    def close(self) -> None:
        self._worker.close()
