"""What a worker sent, checked item by item, as outcomes: the one place where its letters are taken apart."""

from __future__ import annotations

import itertools
import signal
from typing import TypeAlias

from grader import outcome as oc
from grader.notebook import FILE, Places
from grader.plan import Plan
from grader.sandbox import Delivered, Gone, Overdue, Reply
from grader.wire import Value
from grader.worker import letters

_MAX_TEXT = 8000
_MAX_SKIPPED = 100
# By its number: Windows has no name for it.
_KILLED = -9
_OUT_OF_MEMORY = ("MemoryError", "Memory allocation still failed", "Cannot allocate memory")

Failure: TypeAlias = oc.TimedOut | oc.Crashed | oc.OutOfMemory | oc.Garbled
"""How a question can cost the worker."""


def load_result(reply: Reply, seconds: float) -> oc.LoadResult:
    """Turn the reply to a LOAD letter into what it says.

    Args:
        reply: what came back.
        seconds: the limit that it had.
    """
    if not isinstance(reply, Delivered):
        return oc.NotLoaded(_ending(reply, seconds))
    match reply.letter if _is_letter(reply.letter) else None:
        case (letters.LOADED, list(skipped), dict(uses)):
            return oc.Loaded(skipped=_all_skipped(skipped, FILE), uses=_uses(uses))
        case (letters.UNREADABLE, text, line, column, source):
            return oc.Unreadable(_text(text), _line(line), _line(column), _text(source))
        case (letters.FAILED, line, kind, text, _, source, trace):
            return oc.NotLoaded(oc.Raised(_text(kind), _text(text), _line(line), _text(source), _text(trace)))
        case (letters.MEMORY,):
            return oc.NotLoaded(oc.OutOfMemory())
    return oc.NotLoaded(oc.Garbled("it is no answer to the question"))


def _all_skipped(skipped: list[Value], places: Places) -> tuple[oc.Skipped, ...]:
    pairs = (item for item in skipped if isinstance(item, tuple) and len(item) == 2)
    # An honest worker tells no more; each text is looked through for places.
    return tuple(_skipped(line, text, places) for line, text in itertools.islice(pairs, _MAX_SKIPPED))


def _uses(uses: dict[str, Value]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(map(_text, used)) for name, used in uses.items() if isinstance(used, list)}


def _skipped(line: Value, text: Value, places: Places) -> oc.Skipped:
    cell, within = places.of(_line(line))
    return oc.Skipped(within, places.in_text(_text(text)), cell)


def opened_result(
    reply: Reply, seconds: float, places: Places
) -> tuple[oc.Loaded, list[list[int]]] | oc.NotLoaded:
    """Turn the reply to an OPEN letter into what it says: what is known before anything runs, and the lines.

    Args:
        reply: what came back.
        seconds: the limit that it had.
        places: says of a line which one of the student's it is.

    Returns:
        What could not be parsed, and for each cell the line of the source with which each statement begins.
    """
    if not isinstance(reply, Delivered):
        return oc.NotLoaded(_ending(reply, seconds))
    match reply.letter if _is_letter(reply.letter) else None:
        case (letters.OPENED, list(unread), dict(uses), list(cells)):
            lines = [[_line(line) for line in cell] if isinstance(cell, list) else [] for cell in cells]
            return oc.Loaded(skipped=_all_skipped(unread, places), uses=_uses(uses)), lines
        case (letters.MEMORY,):
            return oc.NotLoaded(oc.OutOfMemory())
    return oc.NotLoaded(oc.Garbled("it is no answer to the question"))


def step_result(reply: Reply, number: int, seconds: float, places: Places) -> tuple[oc.Skipped, ...] | Failure:
    """Turn the reply to a STEP letter into what it left out, or how it cost the worker.

    Args:
        reply: what came back.
        number: of the letter that it must answer.
        seconds: the limit that it had.
        places: says of a line which one of the student's it is.
    """
    if not isinstance(reply, Delivered):
        return _ending(reply, seconds)
    match reply.letter if _is_letter(reply.letter) else None:
        case (letters.RAN, said, list(skipped)) if type(said) is int and said == number:
            return _all_skipped(skipped, places)
        case (letters.MEMORY, said) if type(said) is int and said == number:
            return oc.OutOfMemory()
    return oc.Garbled("it is no answer to the question")


def call_result(reply: Reply, number: int, seconds: float, places: Places = FILE) -> oc.Result:
    """Turn the reply to a CALL or READ letter into what it says.

    Args:
        reply: what came back.
        number: of the letter that it must answer.
        seconds: the limit that it had.
        places: says of a line which one of the student's it is.
    """
    if not isinstance(reply, Delivered):
        return _ending(reply, seconds)
    letter = reply.letter
    if not (_is_letter(letter) and len(letter) >= 2 and type(letter[1]) is int and letter[1] == number):
        return oc.Garbled("it is no answer to the question")
    # Likeliest by far, and there is one for each call of each submission.
    if letter[0] == letters.RETURNED and len(letter) == 4 and isinstance(letter[3], list):
        return oc.Answered(letter[2], tuple(letter[3]))
    return _numbered((letter[0], *letter[2:]), places)


def _is_letter(letter: Value) -> bool:
    """Whether this is a tuple whose first item is a word: an array there could not even be compared with one."""
    return isinstance(letter, tuple) and bool(letter) and isinstance(letter[0], str)


def _numbered(letter: tuple[Value, ...], places: Places) -> oc.Result:
    match letter:
        case (letters.RAISED, kind, text, line, source, trace):
            cell, within = places.of(_line(line))
            said, told = places.in_text(_text(text)), places.in_text(_text(trace))
            return oc.Raised(_text(kind), said, within, _text(source), told, cell)
        case (letters.SIGNATURE, found):
            return oc.WrongSignature(_text(found))
        case (letters.MISSING, list(defined), star):
            return oc.Missing(tuple(map(_text, defined)), _text(star))
        case (letters.NOT_CALLABLE, type_name):
            return oc.NotCallable(_text(type_name))
        case (letters.UNSENDABLE, reason):
            return oc.Unsendable(_text(reason))
        case (letters.MEMORY,):
            return oc.OutOfMemory()
    return oc.Garbled("it is no answer to the question")


def _ending(reply: Reply, seconds: float) -> Failure:
    if isinstance(reply, Overdue):
        return oc.TimedOut(seconds)
    if isinstance(reply, Gone):
        # What the process printed last is the student's word, and decides about the sentence only.
        # SIGKILL comes from the kernel short of memory, or at the limit on processor time; the clock is earlier.
        if reply.status == _KILLED or any(sign in reply.printed[-2000:] for sign in _OUT_OF_MEMORY):
            return oc.OutOfMemory()
        return oc.Crashed(_how(reply.status))
    return oc.Garbled("" if isinstance(reply, Delivered) else reply.reason)


def _how(status: int) -> str:
    if status >= 0:
        return f"it ended the Python process with exit status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    meaning = {"SIGSEGV": " (a segmentation fault)"}
    return f"the Python process was ended by {name}{meaning.get(name, '')}"


def _text(value: Value) -> str:
    return value[:_MAX_TEXT] if isinstance(value, str) else ""


def _line(value: Value) -> int:
    return value if type(value) is int and 0 <= value < 1 << 31 else 0


def blank(plan: Plan, reason: str) -> oc.Sitting:
    """Return the sitting of a submission that nothing could be asked of."""
    silence = oc.Outcome(oc.NotAsked(reason))
    return oc.Sitting(
        loading=oc.Unreadable(reason),
        import_seconds=0.0,
        import_printed="",
        outcomes={case.id: (silence,) * len(case.calls) for case in plan.cases()},
        texts=dict.fromkeys(plan.variables(), silence),
    )
