from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Kind = Callable[..., "str | None"]


def cubic(x: Any) -> Any:
    return x**3 + 5


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (lambda x: cubic(x).astype(int), "truncated"),
        (lambda x: np.floor(cubic(x)), "truncated"),
        (lambda x: np.round(cubic(x)), "rounded"),
        (lambda x: np.round(cubic(x), 2), "rounded"),
        (lambda x: np.round(cubic(x), 4), "rounded"),
        (lambda x: cubic(x).astype(np.float16), "float32"),
        (lambda x: (cubic(x) * (1 + 3e-6 * np.cos(x))).astype(np.float32), "float32"),
        (lambda x: cubic(x) * (1 + 1e-4 * np.cos(x)), "few_digits"),
    ],
)
def test_lost_digits(kind: Kind, vectors: Any, came: Any, expected: str) -> None:
    assert kind(cubic, came, vectors) == expected


def test_a_fraction_for_an_integer(kind: Kind) -> None:
    asked = [{"n": n, "k": k} for n, k in ((15, 2), (16, 3), (27, 5), (12, 4), (301, 8))]
    assert kind(lambda n, k: n // k, lambda n, k: n / k, asked) == "not_rounded"
    assert kind(lambda n, k: n // k, lambda n, k: n / k + 3, asked) is None


def test_a_step_is_no_rounded_sigmoid(kind: Kind, vectors: Any) -> None:
    assert kind(lambda x: 1 / (1 + np.exp(-x)), lambda x: (x > 0) * 1.0, vectors) is None
    assert kind(lambda x: 1 / (1 + np.exp(-x)), lambda x: (x > 50) * 1, vectors) != "truncated"


def test_a_percent_off_is_not_nearly_right(kind: Kind, vectors: Any) -> None:
    assert kind(cubic, lambda x: cubic(x) + 0.05 * np.cos(x), vectors) is None
