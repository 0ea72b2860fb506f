"""The reference of the tiny rubric."""

from __future__ import annotations

from typing import Any

import numpy as np


def halved(x: Any) -> Any:
    return np.multiply(x, 0.5)


def both(x: Any, k: float) -> Any:
    if isinstance(x, np.ndarray):
        return {"sum": (float(x.sum()) * k, np.int64(3)), "far": [np.inf, -np.inf]}
    total = x[0] + float(x[1][0].sum())
    return {"text": "é", "complex": complex(total, -k), "flags": [True, np.bool_(False)], "array": x[1][0] * 1j}


def share(x: Any) -> Any:
    return x / np.sum(x)
