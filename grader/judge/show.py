"""Values as a person reads them: short, in the digits that matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from grader.plan import Call, Earlier
from grader.wire import Opaque, Value

_MAX_LENGTH = 120


def show(value: Value, limit: int = _MAX_LENGTH) -> str:
    """Return `value` as Python writes it, arrays as nested lists, cut after `limit` characters."""
    text = _show(value, limit)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _show(value: Value, room: int) -> str:
    if isinstance(value, np.ndarray):
        # Nobody reads more entries than fit, and formatting them all takes time.
        whole = value.size <= room
        rows = value if whole else value.ravel()[:room]
        return _show(rows.tolist(), room)
    if isinstance(value, np.generic):
        return _show(value.item(), room)
    if isinstance(value, float):
        return number(value)
    if isinstance(value, complex):
        return f"({number(value.real)}{value.imag:+.6g}j)"
    if isinstance(value, (list, tuple)):
        text = _join((("", item) for item in value), room)
        return f"[{text}]" if isinstance(value, list) else f"({text}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return f"{{{_join(((f'{key[:room]!r}: ', item) for key, item in value.items()), room)}}}"
    if isinstance(value, Opaque):
        return f"<{value.type_name}>"
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return f"<integer of {value.bit_length()} bits>"
    return repr(value[:room]) if isinstance(value, (str, bytes)) else repr(value)


def _join(items: Iterable[tuple[str, Value]], room: int) -> str:
    """Return labels and values up to the first that does not fit, which is enough to see that there are more."""
    texts: list[str] = []
    used = 0
    for label, item in items:
        if used > room:
            break
        texts.append(label + _show(item, room - used))
        used += len(texts[-1]) + len(", ")
    return ", ".join(texts)


def number(value: float) -> str:
    """Return a float with at most six significant digits, and a point or exponent to show that it is one."""
    text = f"{value:.6g}"
    return text if any(char in text for char in ".en") else f"{text}.0"


def pair(expected: Any, got: Any) -> tuple[str, str]:
    """Return two numbers with as many digits as tell them apart."""
    first, second = show(expected), show(got)
    return (repr(expected), repr(got)) if first == second else (first, second)


def place(index: tuple[int, ...]) -> str:
    """Return an entry's place as Python writes it: `[1, 2]`."""
    return f"[{', '.join(map(str, index))}]"


def call_text(call: Call, limit: int = 60) -> str:
    """Return a call as the student would type it, long arguments cut."""
    args = ("the answer" if isinstance(arg, Earlier) else show(arg, limit) for arg in call.args)
    return f"{call.function}({', '.join(args)})"
