"""Values as a person reads them: short, in the digits that matter."""

from __future__ import annotations

from typing import Any

import numpy as np

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
        items = [_show(item, room) for item in value[:room]]
        if isinstance(value, list):
            return f"[{', '.join(items)}]"
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_show(item, room)}" for key, item in value.items()) + "}"
    if isinstance(value, Opaque):
        return f"<{value.type_name}>"
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return f"<integer of {value.bit_length()} bits>"
    return repr(value[:room]) if isinstance(value, str) else repr(value)


def number(value: float, digits: int = 6) -> str:
    """Return a float with at most `digits` significant digits, and a point or exponent to show that it is one."""
    text = f"{value:.{digits}g}"
    return text if any(char in text for char in ".en") else f"{text}.0"


def pair(expected: Any, got: Any) -> tuple[str, str]:
    """Return two numbers with as many digits as tell them apart."""
    first, second = show(expected), show(got)
    if first == second and isinstance(expected, float) and isinstance(got, float):
        return number(expected, 17), number(got, 17)
    return first, second


def place(index: tuple[int, ...]) -> str:
    """Return an entry's place as Python writes it: `[1, 2]`."""
    return f"[{', '.join(map(str, index))}]"
