"""How a submission is loaded into a fresh worker, and how again when that has failed.

A file is loaded whole. When its top level fails, it is loaded again up to the line that failed, and from there on
definitions only; from the first line on when that did not come back.

A notebook is opened, and its statements are run one by one, so that the grader knows which one was running when
the worker did not come back. In the next worker that one is looked through for definitions only, and so is the
rest of its cell; if it costs that worker too, it is left out. All other cells run. Others may hang as well, so:

1. All that runs in one worker has `import_seconds` together.
2. When n statements have timed out, one that has never come to its end has a half of that, halved n times more.
3. After eight that cost a worker, or when the attempts have taken half of the submission's seconds, what has not
   come to its end by then is loaded with definitions only.
4. What has run to its end must do so again in each worker: for the visible cases, for the hidden ones, and after
   each call that costs one. When there is not the time for four times that, definitions only are loaded.
5. So they are when two more cost a worker: one that came to its end may have laid a trap for all others.

What the worker says about this is the student's word. The grader counts its own letters and looks at its own
clock; a forged answer can hide a statement's failure, or bring one about, and neither answers a call.
"""

from __future__ import annotations

import copy
import dataclasses
import time
from dataclasses import dataclass
from typing import Final

from grader import outcome as oc
from grader.evidence import Failure, load_result, opened_result, step_result
from grader.plan import Limits
from grader.sandbox import Reply, Worker
from grader.submission import Submission
from grader.worker import letters

_MOST_COSTLY: Final = 8
_MOST_STEPS: Final = 2_000
"""A notebook of more statements is run cell by cell: a letter each takes a tenth of a millisecond."""
_LEAST_SECONDS: Final = 1.0
_MOST_SKIPPED: Final = 100
_PRINTED: Final = 16 * 1024

_OUT, _DEFINITIONS, _ALL = range(3)
_HELD_BACK: Final = oc.NotAsked("too much of this notebook did not come back")


@dataclass(frozen=True, slots=True)
class _Step:
    """Statements of a cell that are run together: from `start` to before `end`, the first in line `line`."""

    cell: int
    start: int
    end: int
    line: int


class Loading:
    """One submission's way into workers.

    Args:
        limits: the plan's.
        submission: whose.
    """

    def __init__(self, limits: Limits, submission: Submission) -> None:
        self._limits, self._submission = limits, submission
        self._complete_until = letters.WHOLE_FILE
        self._first: oc.NotLoaded | None = None
        self._steps: tuple[_Step, ...] = ()
        self._may: dict[int, int] = {}
        self._costs: dict[int, Failure] = {}
        # Steps from this one on are looked through for definitions only.
        self._until: int | None = None
        self._known = 0
        self._reached: int | None = None
        self._reached_after = 0.0
        self._costly = self._timed_out = 0
        self._spent = 0.0

    @property
    def runs_code(self) -> bool:
        """Whether a whole file is run, or anything but definitions of a notebook."""
        return self._until != 0 if self._submission.cells else self._complete_until == letters.WHOLE_FILE

    def definitions_only(self) -> Loading:
        """Return a way on which nothing but definitions is loaded."""
        other = copy.copy(self)
        other._complete_until = other._until = 0  # noqa: SLF001  (its own kind)
        return other

    def attempt(self, worker: Worker, deadline: float) -> tuple[oc.LoadResult, Reply]:
        """Load the submission into a worker that has not seen any, and return how it went, and the last reply.

        The reply has the seconds and the prints of all of them.
        """
        seconds = min(self._limits.import_seconds, max(deadline - time.monotonic(), 0))
        files, entry = self._submission.sources, self._submission.entry
        if self._submission.cells:
            return self._attempt_notebook(worker, seconds)
        reply = worker.ask((letters.LOAD, files, entry, self._complete_until), seconds)
        result = load_result(reply, seconds)
        if self._first is not None and isinstance(result, oc.Loaded):
            result = dataclasses.replace(result, failure=self._first.failure)
        return (self._first if self._first and isinstance(result, oc.NotLoaded) else result), reply

    def learn(self, result: oc.NotLoaded, seconds: float, left: float) -> bool:
        """Take note of an attempt that failed; return whether another can do better.

        Args:
            result: how it failed.
            seconds: how long it took.
            left: what the submission has left of its own.
        """
        if self._submission.cells:
            return self._learn_of_step(result, seconds, left)
        if self._first is not None:
            return False
        failure = result.failure
        # What ran to its end before a statement raised will do so again; after anything else, nobody knows.
        self._complete_until = failure.line if isinstance(failure, oc.Raised) else 0
        self._first = result
        return True

    def _learn_of_step(self, result: oc.NotLoaded, seconds: float, left: float) -> bool:
        step, failure = self._reached, result.failure
        self._costly += 1
        if not self._steps or isinstance(failure, oc.Raised) or left <= 0 or self._costly > 2 * _MOST_COSTLY:
            return False
        if step is None:
            runs_code, self._until = self.runs_code, 0
            return runs_code
        self._timed_out += isinstance(failure, oc.TimedOut)
        self._spent += seconds
        may = self._allowed(step)
        self._costs.setdefault(step, failure)
        self._may[step] = may - 1
        if self._costly == _MOST_COSTLY + 2:
            # Who fell into a trap is innocent.
            self._until = 0
            self._may.clear()
            self._costs.clear()
        elif left < 4 * self._reached_after:
            self._until = 0
        elif self._costly >= _MOST_COSTLY or self._spent > self._limits.submission_seconds / 2:
            self._until = max(self._known, step + 1) if self._until is None else self._until
        return may > _OUT

    def _attempt_notebook(self, worker: Worker, seconds: float) -> tuple[oc.LoadResult, Reply]:
        entry, cells, places = self._submission.entry, list(self._submission.cells), self._submission.places
        begun, self._reached = time.monotonic(), None
        reply = worker.ask((letters.OPEN, self._submission.sources, entry, cells), seconds)
        opened = opened_result(reply, seconds, places)
        if isinstance(opened, oc.NotLoaded):
            return opened, reply
        loaded, lines = opened
        self._steps = self._steps or _steps(lines)
        skipped, printed = [*loaded.skipped], [reply.printed]
        for number, step in enumerate(self._steps):
            may = self._allowed(number)
            if may == _OUT:
                continue
            self._reached, self._reached_after = number, time.monotonic() - begun
            limit = self._patience(number, seconds)
            letter = (letters.STEP, number, step.cell, step.start, step.end, may == _ALL)
            reply = worker.ask(letter, min(limit, max(seconds - self._reached_after, 0)))
            printed.append(reply.printed)
            found = step_result(reply, number, limit, places)
            if not isinstance(found, tuple):
                return oc.NotLoaded(found), _all_of(reply, begun, printed)
            self._known = max(self._known, number + 1)
            # More than are told: some of them are told in other words.
            skipped += found[: max(2 * _MOST_SKIPPED - len(skipped), 0)]
        self._reached = None
        told = self._told(skipped)
        return dataclasses.replace(loaded, skipped=told), _all_of(reply, begun, printed)

    def _allowed(self, number: int) -> int:
        """Return how much of a step is run."""
        cell = self._steps[number].cell
        held_back = self._until is not None and number >= self._until
        spoilt = any(other < number and self._steps[other].cell == cell for other in self._costs)
        return min(self._may.get(number, _ALL), _DEFINITIONS if held_back or spoilt else _ALL)

    def _patience(self, number: int, seconds: float) -> float:
        """Return how long a step may take."""
        if number < self._known or not self._timed_out:
            return seconds
        return min(max(seconds * 0.5 ** (self._timed_out + 1), _LEAST_SECONDS), seconds)

    def _told(self, skipped: list[oc.Skipped]) -> tuple[oc.Skipped, ...]:
        """Return what the student is told of what did not run."""
        held_back = (
            {} if self._until is None else dict.fromkeys(range(len(self._steps))[self._until :][:1], _HELD_BACK)
        )
        ended = [self._skipped(step, failure) for step, failure in {**held_back, **self._costs}.items()]
        places = {(item.cell, item.line) for item in ended}
        others = [item for item in skipped if item.error or (item.cell, item.line) not in places]
        return tuple(sorted([*ended, *others[:_MOST_SKIPPED]], key=lambda item: (item.cell, item.line)))

    def _skipped(self, number: int, ended: Failure | oc.NotAsked) -> oc.Skipped:
        cell, line = self._submission.places.of(self._steps[number].line)
        return oc.Skipped(line, "", cell, ended)


def _steps(lines: list[list[int]]) -> tuple[_Step, ...]:
    """Return what is run in one go, by the line of each statement of each cell."""
    if sum(map(len, lines)) > _MOST_STEPS:
        return tuple(_Step(cell, 0, len(at), at[0]) for cell, at in enumerate(lines) if at)
    return tuple(
        _Step(cell, number, number + 1, line) for cell, at in enumerate(lines) for number, line in enumerate(at)
    )


def _all_of(reply: Reply, begun: float, printed: list[str]) -> Reply:
    """Return the last reply with the seconds of all, and their prints within a bound."""
    text = "".join(printed)
    left = len(text) - _PRINTED
    shown = f"{text[:_PRINTED]}\n[{left} more characters]" if left > 0 else text
    return dataclasses.replace(reply, seconds=time.monotonic() - begun, printed=shown)
