"""One submission's sitting: the plan's calls asked of a worker, with deadlines, restarts and what came back."""

from __future__ import annotations

import math
import sys
import time
from collections import Counter, deque
from typing import Any

import numpy as np

from grader import outcome as oc
from grader.evidence import call_result, load_result
from grader.plan import Case, Plan
from grader.sandbox import Box, Delivered, Needs, Reply, Worker
from grader.submission import Submission
from grader.wire import Value
from grader.worker import letters

# What Python and numpy raise, beside MemoryError, when an allocation that they did not expect to fail fails.
_STARVED = frozenset({"SystemError", "ImportError", "OSError"})

_SMALL = 1 << 20
"""Bytes of an answer that are always kept."""
_ROOM = 64 << 20
"""Bytes that all larger answers of a submission may take together."""


def sit(plan: Plan, submission: Submission, box: Box) -> oc.Sitting:
    """Ask a submission everything that the plan asks.

    A call that does not come back costs itself only: another worker is started for the rest. A function that
    has cost a worker is asked its remaining calls last, so that it cannot use up the others' time. What a student
    sees comes from workers that have not been asked anything hidden: an exception's text could tell of it.

    Args:
        plan: what to ask.
        submission: whom to ask.
        box: where to run it.

    Raises:
        HostError: no worker can be started.
    """
    session = _Session(plan, submission, box)
    try:
        return session.run()
    finally:
        session.close()


class _Session:
    def __init__(self, plan: Plan, submission: Submission, box: Box) -> None:
        self._plan, self._submission, self._box = plan, submission, box
        limits = plan.limits
        cpu_seconds = math.ceil(limits.submission_seconds) + 1
        files = tuple(file.name for file in submission.files)
        self._needs = Needs(limits.memory_mb, cpu_seconds, submission.folder, limits.scratch_mb, files)
        self._worker: Worker | None = None
        self._complete_until = letters.WHOLE_FILE
        self._deadline = 0.0
        self._number = 0
        self._answered = 0
        self._room = _ROOM

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def run(self) -> oc.Sitting:
        self._deadline = time.monotonic() + self._plan.limits.submission_seconds
        loading, reply = self._first_load()
        outcomes: dict[str, oc.Outcome] = {}
        texts: dict[str, oc.Outcome] = {}
        if isinstance(loading, oc.Loaded):
            for variable in self._plan.variables():
                texts[variable] = self._ask(letters.READ, variable)
            outcomes = self._calls()
        return oc.Sitting(loading, reply.seconds, reply.printed, outcomes, texts)

    def _first_load(self) -> tuple[oc.LoadResult, Reply]:
        loading, reply = self._load()
        if not isinstance(loading, oc.NotLoaded):
            return loading, reply
        self.close()
        failure = loading.failure
        # What ran to its end before a statement raised will do so again; after anything else, nobody knows.
        self._complete_until = failure.line if isinstance(failure, oc.Raised) else 0
        again, _ = self._load()
        if isinstance(again, oc.Loaded):
            return oc.Loaded(failure, again.skipped, again.uses), reply
        self.close()
        return oc.NotLoaded(failure), reply

    def _load(self) -> tuple[oc.LoadResult, Reply]:
        self._worker = self._box.start(self._needs)
        seconds = min(self._plan.limits.import_seconds, max(self._deadline - time.monotonic(), 0))
        letter = (letters.LOAD, self._submission.sources, self._submission.entry, self._complete_until)
        reply = self._worker.ask(letter, seconds)
        return load_result(reply, seconds), reply

    def _calls(self) -> dict[str, oc.Outcome]:
        outcomes = {}
        waiting = deque(sorted(self._plan.cases(), key=_turn))
        costly: Counter[str] = Counter()
        knows_hidden = False
        while waiting:
            case = waiting.popleft()
            call = case.call
            if knows_hidden and not _is_hidden(case):
                self.close()
            knows_hidden = _is_hidden(case)
            found = self._ask(letters.CALL, call.function, list(call.args), list(call.observe))
            outcomes[case.id] = found
            if self._worker is None:
                if not costly[call.function]:
                    waiting.extend(_take(waiting, call.function))
                costly[call.function] += 1
        return {case.id: outcomes[case.id] for case in self._plan.cases()}

    def _ask(self, kind: str, *items: Value) -> oc.Outcome:
        """Ask once; what ended or disturbed a worker that others had used is asked once more in a fresh one."""
        used = self._worker is not None and self._answered > 0
        outcome = self._ask_once(kind, *items)
        if not isinstance(outcome.result, (oc.Crashed, oc.Garbled)):
            return outcome
        if used:
            # An earlier call may have left a trap, or a second answer, for this one: it is innocent until then.
            outcome = self._ask_once(kind, *items)
        if isinstance(outcome.result, oc.Garbled) and self._complete_until == letters.WHOLE_FILE:
            # Its first answer is no answer: the import may have sent one too many. Definitions alone cannot.
            before, self._complete_until = self._complete_until, 0
            again = self._ask_once(kind, *items)
            if isinstance(again.result, oc.Garbled):
                self._complete_until = before
            return again
        return outcome

    def _ask_once(self, kind: str, *items: Value) -> oc.Outcome:
        limits = self._plan.limits
        if self._worker is None and time.monotonic() < self._deadline:
            loading, _ = self._load()
            self._answered = 0
            if not isinstance(loading, oc.Loaded):
                self.close()
                return oc.Outcome(
                    oc.NotAsked("after a call that ended the process, the module did not load again")
                )
        left = self._deadline - time.monotonic()
        if self._worker is None or left <= 0:
            return oc.Outcome(oc.NotAsked(self._used_up()))
        self._number += 1
        seconds = min(limits.seconds, left)
        reply = self._worker.ask((kind, self._number, *items), seconds)
        result = call_result(reply, self._number, seconds)
        if isinstance(result, oc.TimedOut) and seconds < limits.seconds:
            # The submission's time was up, not the call's: how much was left is nobody's business.
            result = oc.NotAsked(self._used_up())
        if isinstance(result, oc.Raised) and result.type_name in _STARVED and self._worker.near_memory_limit():
            result = oc.OutOfMemory()
        if isinstance(result, (oc.TimedOut, oc.Crashed, oc.Garbled)) or not isinstance(reply, Delivered):
            self.close()
        else:
            self._answered += 1
        return oc.Outcome(self._bounded(result), reply.seconds, reply.printed)

    def _used_up(self) -> str:
        return f"the submission had used up its {self._plan.limits.submission_seconds:g} seconds"

    def _bounded(self, result: oc.Result) -> oc.Result:
        """Return `result`, or that it is too large to be kept beside all the others until they are judged."""
        weight = _weight([result.value, *result.observed]) if isinstance(result, oc.Answered) else 0
        if weight <= _SMALL:
            return result
        if weight > self._room:
            return oc.Unsendable(f"the large answers take more than {_ROOM >> 20} MiB together")
        self._room -= weight
        return result


def _is_hidden(case: Case) -> bool:
    return case.visibility != "visible"


def _turn(case: Case) -> int:
    """Return when a case is asked: visible ones first, then what most depends on, in case time runs out."""
    return 0 if not _is_hidden(case) else 1 if case.essential else 2


def _weight(value: Value) -> int:
    """Return about how many bytes of memory `value` takes."""
    own = sys.getsizeof(value)
    if isinstance(value, np.ndarray):
        return own + value.nbytes
    if isinstance(value, dict):
        return own + sum(_weight(key) + _weight(item) for key, item in value.items())
    return own + (sum(map(_weight, value)) if isinstance(value, (list, tuple)) else 0)


def _take(waiting: deque[Any], function: str) -> list[Any]:
    """Remove the cases of `function` from the queue and return them."""
    taken = [case for case in waiting if case.call.function == function]
    kept = [case for case in waiting if case.call.function != function]
    waiting.clear()
    waiting.extend(kept)
    return taken
