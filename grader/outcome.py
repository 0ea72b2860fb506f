"""What happened when the box was asked: one of a closed set, measured outside of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from grader.notebook.places import place
from grader.wire import Value


@dataclass(frozen=True, slots=True)
class Answered:
    """The call returned.

    Attributes:
        value: what it returned.
        observed: the arguments that were asked for, as they were after the call.
    """

    value: Value
    observed: tuple[Value, ...] = ()


class KnownAnswer(NamedTuple):
    """An answer as it would come from the box, and what it would be decoded to."""

    payload: bytes
    result: Answered


Known: TypeAlias = Mapping[int, KnownAnswer]
"""Answers that need not be decoded, by the numbers of their calls."""


@dataclass(frozen=True, slots=True)
class Raised:
    """The call raised.

    Attributes:
        type_name: the exception's class.
        text: its message.
        line: the line of the student's file, or of the notebook's cell, where it came from, 0 when it has none.
        source: that line's text.
        trace: the traceback, for staff.
        cell: of a notebook, from 1; 0 for a file.
    """

    type_name: str
    text: str
    line: int = 0
    source: str = ""
    trace: str = ""
    cell: int = 0

    @property
    def place(self) -> str:
        """Where it came from, in words."""
        return place(self.cell, self.line)


@dataclass(frozen=True, slots=True)
class WrongSignature:
    """The function does not take the arguments that the homework gives it; `found` is its own signature."""

    found: str


@dataclass(frozen=True, slots=True)
class Missing:
    """The module does not define the name.

    Attributes:
        defined: the names that it does define.
        star: the module whose star import binds the name all the same; empty if none does.
    """

    defined: tuple[str, ...] = ()
    star: str = ""


@dataclass(frozen=True, slots=True)
class NotCallable:
    """The name is bound to something that is no function; `type_name` says to what."""

    type_name: str


@dataclass(frozen=True, slots=True)
class Unsendable:
    """The call returned something that does not fit through the door; `reason` says why."""

    reason: str


@dataclass(frozen=True, slots=True)
class OutOfMemory:
    """The call asked for more memory than the limit."""


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The call was ended at its limit, in seconds."""

    limit: float


@dataclass(frozen=True, slots=True)
class Crashed:
    """The process ended during the call; `how` says by which signal or exit status."""

    how: str


@dataclass(frozen=True, slots=True)
class Garbled:
    """What came back was no answer; `reason` says why."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotAsked:
    """The call was not made; `reason` says why."""

    reason: str


Result: TypeAlias = (
    Answered
    | Raised
    | WrongSignature
    | Missing
    | NotCallable
    | Unsendable
    | OutOfMemory
    | TimedOut
    | Crashed
    | Garbled
    | NotAsked
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result, with what was measured beside it.

    Attributes:
        result: what happened.
        seconds: wall-clock time, measured by the parent.
        printed: what the process printed meanwhile, cut at a bound.
    """

    result: Result
    seconds: float = 0.0
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A statement at module level that was left out, or raised `error`, when only definitions were loaded.

    In a notebook (`cell` is not 0) other cells than this one have run as usual.

    Attributes:
        line: where it stands, in the file or the cell.
        error: what it raised; empty when it was left out.
        cell: of a notebook, from 1; 0 for a file.
        ended: how it cost the worker, which is why it was left out; `NotAsked` when it and all that follows were
            left out because others had.
    """

    line: int
    error: str = ""
    cell: int = 0
    ended: TimedOut | Crashed | OutOfMemory | Garbled | NotAsked | None = None

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return place(self.cell, self.line)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The module was loaded.

    Attributes:
        failure: why it was loaded again with definitions only; None when its top level ran to the end, or as far
            as each of a notebook's cells did.
        skipped: what was left out then.
        uses: for each function, the other names of the module that occur in it.
    """

    failure: Raised | TimedOut | Crashed | OutOfMemory | Garbled | None = None
    skipped: tuple[Skipped, ...] = ()
    uses: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The file is no Python.

    Attributes:
        text: what is wrong.
        line: where, from 1; 0 when it is the file as a whole.
        column: from 1; 0 when unknown.
        source: the line's text.
    """

    text: str
    line: int = 0
    column: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class NotLoaded:
    """Even with definitions only, the module did not load."""

    failure: Raised | TimedOut | Crashed | OutOfMemory | Garbled


LoadResult: TypeAlias = Loaded | Unreadable | NotLoaded


@dataclass(frozen=True, slots=True)
class Sitting:
    """Everything that came back from the box for one submission.

    Attributes:
        loading: what the import gave, with its time and prints.
        outcomes: of each case's calls, by case id.
        texts: of each written answer, by variable.
    """

    loading: LoadResult
    import_seconds: float
    import_printed: str
    outcomes: dict[str, tuple[Outcome, ...]]
    texts: dict[str, Outcome]
