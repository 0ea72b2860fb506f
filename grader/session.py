"""One submission's sitting: the plan's calls asked of a worker, with deadlines, restarts and what came back."""

from __future__ import annotations

import dataclasses
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

from grader import outcome as oc
from grader import turns
from grader.evidence import call_result, load_result
from grader.loading import Loading
from grader.plan import Call, Case, Plan
from grader.sandbox import Box, Delivered, Foreseen, Gone, Needs, Reply, Worker
from grader.submission import Submission
from grader.weight import ROOM, Room, holds_object
from grader.wire import Value, WireError
from grader.worker import letters

# What Python and numpy raise, beside MemoryError, when an allocation that they did not expect to fail fails.
_STARVED = frozenset({"SystemError", "ImportError", "OSError"})

_Lent: TypeAlias = Mapping[str, str]
_Heard: TypeAlias = Callable[[oc.Sitting], None]

_NOTHING: Final[_Lent] = MappingProxyType({})
_NOTHING_KNOWN: Final[oc.Known] = MappingProxyType({})

_NOTHING_TO_GO_ON_WITH = "the call before it gave nothing to go on with"

_MOST_LOST = 3
"""How often a submission is asked again what a worker took along that ended by no doing of the submission's."""


def sit(  # noqa: PLR0913, PLR0917  (most leave out all but the first three)
    plan: Plan,
    submission: Submission,
    box: Box,
    lent: _Lent = _NOTHING,
    heard: _Heard | None = None,
    known: oc.Known = _NOTHING_KNOWN,
) -> oc.Sitting:
    """Ask a submission everything that the plan asks.

    A call that does not come back costs itself only: another worker is started for the rest. A function that
    has cost a worker is asked its remaining calls last, so that it cannot use up the others' time. What a student
    sees comes from workers that have not been asked anything hidden: an exception's text could tell of it.

    Args:
        plan: what to ask.
        submission: whom to ask.
        box: where to run it.
        lent: source of helpers that stand in for the student's own, by name.
        heard: called after each case with all that has come back so far; cases are then asked one by one.
        known: answers that need not be decoded.

    Raises:
        HostError: no worker can be started.
    """
    session = _Session(plan, submission, box, lent, heard, known)
    try:
        return session.run()
    finally:
        session.close()


class _Session:
    def __init__(  # noqa: PLR0913, PLR0917  (those of `sit`)
        self, plan: Plan, submission: Submission, box: Box, lent: _Lent, heard: _Heard | None, known: oc.Known
    ) -> None:
        self._plan, self._submission, self._box = plan, submission, box
        self._lent, self._heard, self._known = lent, heard, known
        limits = plan.limits
        cpu_seconds = math.ceil(limits.submission_seconds) + 1
        files = tuple(file.name for file in submission.files)
        self._needs = Needs(limits.memory_mb, cpu_seconds, submission.folder, limits.scratch_mb, files)
        self._places = submission.places
        self._worker: Worker | None = None
        self._loading = Loading(limits, submission)
        self._deadline = 0.0
        # Those of the plan's own letters come first.
        self._number = len(self._plan.numbers) + sum(map(len, self._plan.numbers.values()))
        self._knows_hidden = False
        self._answered = 0
        self._lost = 0
        self._room = Room()

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def run(self) -> oc.Sitting:
        self._deadline = time.monotonic() + self._plan.limits.submission_seconds
        loading, reply = self._first_load()
        outcomes: dict[str, tuple[oc.Outcome, ...]] = {}
        texts: dict[str, oc.Outcome] = {}
        if isinstance(loading, oc.Loaded):
            for variable in self._plan.variables():
                texts[variable] = self._ask(letters.READ, variable)
            outcomes = self._calls(oc.Sitting(loading, reply.seconds, reply.printed, {}, texts))
        printed = self._places.in_text(reply.printed)
        return oc.Sitting(loading, reply.seconds, printed, outcomes, texts)

    def _first_load(self) -> tuple[oc.LoadResult, Reply]:
        loading, reply = self._load()
        first = reply
        while isinstance(loading, oc.NotLoaded):
            self.close()
            if not self._loading.learn(loading, reply.seconds, self._deadline - time.monotonic()):
                break
            loading, reply = self._load()
        # What a file's definitions alone print says nothing of its top level.
        return loading, reply if self._submission.cells else first

    def _load(self) -> tuple[oc.LoadResult, Reply]:
        self._worker = self._box.start(self._needs)
        seconds = min(self._plan.limits.import_seconds, max(self._deadline - time.monotonic(), 0))
        result, reply = self._loading.attempt(self._worker, self._deadline)
        if self._lent and isinstance(result, oc.Loaded):
            lent = self._worker.ask((letters.LEND, dict(self._lent)), seconds)
            if not isinstance(lent, Delivered):
                reply, result = lent, load_result(lent, seconds)
        if self._is_lost(reply):
            self.close()
            return self._load()
        return result, reply

    def _calls(self, so_far: oc.Sitting) -> dict[str, tuple[oc.Outcome, ...]]:
        outcomes: dict[str, tuple[oc.Outcome, ...]] = {}
        waiting = turns.in_turn(self._plan)
        costly: Counter[str] = Counter()
        while waiting:
            hidden = turns.is_hidden(waiting[0])
            if self._knows_hidden and not hidden:
                self.close()
            self._knows_hidden = hidden
            together = 0 if self._heard else turns.TOGETHER_BYTES
            group, lost = turns.take_group(waiting, self._plan, together), self._lost
            done = self._together(group)
            outcomes |= done
            if self._heard:
                self._heard(dataclasses.replace(so_far, outcomes=dict(outcomes)))
            waiting.extendleft(reversed(group[len(done) :]))
            if self._worker is None and self._lost == lost:
                function = group[len(done) - 1].call.function
                if not costly[function]:
                    waiting.extend(turns.take_function(waiting, function))
                costly[function] += 1
        return {case.id: outcomes[case.id] for case in self._plan.cases()}

    def _together(self, group: Sequence[Case]) -> dict[str, tuple[oc.Outcome, ...]]:
        """Ask cases together, up to the first that ends the worker or disturbs it."""
        if group[0].id not in self._plan.letters:
            return {group[0].id: self._case(group[0], [])}
        obstacle = self._obstacle()
        if obstacle is not None or self._worker is None:
            outcome = oc.Outcome(oc.NotAsked(obstacle or self._used_up()))
            return {group[0].id: (outcome,) * len(group[0].calls)}
        payloads, foreseen = turns.letters_of(group, self._plan, self._known)
        worker = self._worker
        replies = iter(worker.ask_all(payloads, self._plan.limits.seconds, self._deadline, foreseen))
        done: dict[str, tuple[oc.Outcome, ...]] = {}
        for case in group:
            made = self._made(case, replies)
            if made is None:
                break
            done[case.id] = tuple(made) if len(made) == len(case.calls) else self._case(case, made)
            if self._worker is not worker:
                break
        return done

    def _made(self, case: Case, replies: Iterator[Reply | Foreseen]) -> list[oc.Outcome] | None:
        """Return what came of a case's calls that were made together with others, up to the end of the worker.

        None when the worker was lost, so that they are to be asked again.
        """
        made: list[oc.Outcome] = []
        worker = self._worker
        for number, call in zip(self._plan.numbers[case.id], case.calls, strict=True):
            if self._worker is not worker:
                break
            innocent, reply = self._answered > 0, next(replies)
            if isinstance(reply, Foreseen):
                self._answered += 1
                outcome = oc.Outcome(
                    self._known[number].result, reply.seconds, self._places.in_text(reply.printed)
                )
            elif self._is_lost(reply):
                self.close()
                return None
            else:
                outcome = self._outcome(reply, number)
            if _unanswered(made):
                outcome = oc.Outcome(oc.NotAsked(_NOTHING_TO_GO_ON_WITH))
            elif isinstance(outcome.result, (oc.Crashed, oc.Garbled)):
                question = (letters.CALL, call.function, list(call.args), list(call.observe))
                outcome = self._once_more(outcome, innocent, *question)
            made.append(outcome)
        return made

    def _case(self, case: Case, made: list[oc.Outcome]) -> tuple[oc.Outcome, ...]:
        """Make the calls of a case that have not been `made`, up to the first that gives no answer."""
        for call in case.calls[len(made) :]:
            args = [turns.argument(arg, made) for arg in call.args]
            if _unanswered(made) or any(map(holds_object, args)):
                made.append(oc.Outcome(oc.NotAsked(_NOTHING_TO_GO_ON_WITH)))
            else:
                made.append(self._make(call, args))
        return tuple(made)

    def _make(self, call: Call, args: list[Value]) -> oc.Outcome:
        try:
            return self._ask(letters.CALL, call.function, args, list(call.observe))
        except WireError:
            # What just fitted into an answer need not fit beside the other arguments.
            return oc.Outcome(oc.NotAsked(_NOTHING_TO_GO_ON_WITH))

    def _ask(self, kind: str, *items: Value) -> oc.Outcome:
        """Ask once; what ended or disturbed a worker that others had used is asked once more in a fresh one."""
        innocent = self._worker is not None and self._answered > 0
        outcome = self._ask_once(kind, *items)
        if not isinstance(outcome.result, (oc.Crashed, oc.Garbled)):
            return outcome
        return self._once_more(outcome, innocent, kind, *items)

    def _once_more(self, outcome: oc.Outcome, innocent: bool, kind: str, *items: Value) -> oc.Outcome:
        """Ask again what ended or disturbed a worker, where that may have been another's doing."""
        if innocent:
            # An earlier call may have left a trap, or a second answer, for this one: it is innocent until then.
            outcome = self._ask_once(kind, *items)
        if isinstance(outcome.result, oc.Garbled) and self._loading.runs_code:
            # Its first answer is no answer: the import may have sent one too many. Definitions alone cannot.
            before, self._loading = self._loading, self._loading.definitions_only()
            again = self._ask_once(kind, *items)
            if isinstance(again.result, oc.Garbled):
                self._loading = before
            return again
        return outcome

    def _obstacle(self) -> str | None:
        """See that there is a worker to ask, and return why there can be none."""
        if self._worker is None and time.monotonic() < self._deadline:
            loading, _ = self._load()
            self._answered = 0
            if not isinstance(loading, oc.Loaded):
                self.close()
                return "after a call that ended the process, the module did not load again"
        return self._used_up() if self._worker is None or time.monotonic() >= self._deadline else None

    def _ask_once(self, kind: str, *items: Value) -> oc.Outcome:
        obstacle = self._obstacle()
        if obstacle is not None or self._worker is None:
            return oc.Outcome(oc.NotAsked(obstacle or self._used_up()))
        self._number += 1
        seconds = min(self._plan.limits.seconds, self._deadline - time.monotonic())
        reply = self._worker.ask((kind, self._number, *items), seconds)
        if self._is_lost(reply):
            self.close()
            return self._ask_once(kind, *items)
        return self._outcome(reply, self._number)

    def _is_lost(self, reply: Reply) -> bool:
        """Whether the worker has ended by no doing of the submission's, so that this is to be asked again."""
        lost = isinstance(reply, Gone) and reply.lost and self._lost < _MOST_LOST
        self._lost += lost
        return lost

    def _outcome(self, reply: Reply, number: int) -> oc.Outcome:
        """Return what a reply to the letter of this number says; what is none, or a late one, ends the worker."""
        limit = self._plan.limits.seconds
        result = call_result(reply, number, limit, self._places)
        if isinstance(result, oc.Answered):
            self._answered += 1
            kept: oc.Result = result
            if not self._room.takes(result.value, result.observed):
                kept = oc.Unsendable(f"the large answers take more than {ROOM >> 20} MiB together")
            return oc.Outcome(kept, reply.seconds, self._places.in_text(reply.printed))
        if isinstance(result, oc.TimedOut) and reply.seconds < limit:
            # The submission's time was up, not the call's: how much was left is nobody's business.
            result = oc.NotAsked(self._used_up())
        starved = isinstance(result, oc.Raised) and result.type_name in _STARVED
        if starved and self._worker is not None and self._worker.near_memory_limit():
            result = oc.OutOfMemory()
        if isinstance(result, (oc.TimedOut, oc.Crashed, oc.Garbled)) or not isinstance(reply, Delivered):
            self.close()
        else:
            self._answered += 1
        return oc.Outcome(result, reply.seconds, self._places.in_text(reply.printed))

    def _used_up(self) -> str:
        return f"the submission had used up its {self._plan.limits.submission_seconds:g} seconds"


def _unanswered(made: Sequence[oc.Outcome]) -> bool:
    return bool(made) and not isinstance(made[-1].result, oc.Answered)
