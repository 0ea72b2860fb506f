"""What answers weigh while they wait to be judged, and whether one can be sent on."""

from __future__ import annotations

import sys

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


def is_light(value: Value) -> bool:
    """Whether `value` is a number or an array, and surely not heavier than `SMALL`: most answers are."""
    return isinstance(value, (float, np.generic)) or (type(value) is np.ndarray and value.nbytes < SMALL // 2)


def holds_object(value: Value) -> bool:
    """Whether there is something in `value` that can be named and not sent."""
    if isinstance(value, dict):
        return any(map(holds_object, value.values()))
    return isinstance(value, Opaque) or (isinstance(value, (list, tuple)) and any(map(holds_object, value)))
