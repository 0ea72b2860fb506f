"""What answers weigh while they wait to be judged, and whether one can be sent on."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from grader.wire import Opaque, Value

SMALL = 1 << 20
"""Bytes of an answer that are always kept."""

ROOM = 64 << 20
"""Bytes that all larger answers of a submission may take together."""


def weight(value: Value) -> int:
    """Return about how many bytes of memory `value` takes."""
    own = sys.getsizeof(value)
    if isinstance(value, np.ndarray):
        # An array that owns its memory has counted it already.
        return own if value.flags.owndata else own + value.nbytes
    if isinstance(value, dict):
        return own + sum(weight(key) + weight(item) for key, item in value.items())
    return own + (sum(map(weight, value)) if isinstance(value, (list, tuple)) else 0)


class Room:
    """The room for a submission's answers: small ones always fit, larger ones take `ROOM` together."""

    def __init__(self) -> None:
        self._left = ROOM

    def takes(self, value: Value, observed: Sequence[Value]) -> bool:
        """Whether there is room for an answer, and arguments after the call, which it then takes up."""
        if not observed and _is_light(value):
            return True
        taken = weight([value, *observed])
        if taken <= SMALL:
            return True
        fits = taken <= self._left
        self._left -= taken if fits else 0
        return fits


def _is_light(value: Value) -> bool:
    """Whether this is a number or an array, and surely small: most answers are."""
    return isinstance(value, (float, np.generic)) or (type(value) is np.ndarray and value.nbytes < SMALL // 2)


def holds_object(value: Value) -> bool:
    """Whether there is something in `value` that can be named and not sent."""
    if isinstance(value, dict):
        return any(map(holds_object, value.values()))
    return isinstance(value, Opaque) or (isinstance(value, (list, tuple)) and any(map(holds_object, value)))
