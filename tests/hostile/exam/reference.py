"""The reference of the exam that every attack sits: what `attack` should return follows from a secret."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

TOKEN = "@token:reference@"  # a secret of each run's own is put in here


def honest_first(x: Any) -> Any:
    """Return a line's values."""
    return 2 * x + 1


def attack(x: Any) -> Any:
    """Return numbers that nobody can guess, one for each of `x`."""
    digest = hashlib.sha256(TOKEN.encode() + x.tobytes()).digest()
    return np.frombuffer(digest[: 4 * x.size], dtype="<u4") / 1024


def honest_last(x: Any) -> Any:
    """Return a parabola's values."""
    return x * x - 1
