from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Kind = Callable[..., "str | None"]


def softmax(x: Any) -> Any:
    weights = np.exp(x - x.max())
    return weights / weights.sum()


def test_proportions_that_do_not_sum_to_one(kind: Kind, vectors: Any) -> None:
    assert kind(softmax, lambda x: np.exp(x - x.max()), vectors) == "not_normalised"
    assert kind(softmax, np.exp, vectors) == "not_normalised"


def test_a_factor_that_differs_from_case_to_case(kind: Kind, vectors: Any) -> None:
    assert kind(np.tanh, lambda x: np.tanh(x) * x.sum(), vectors) == "common_factor"
    assert kind(np.tanh, lambda x: np.tanh(x) * 0.0, vectors) != "common_factor"


def test_an_offset_that_differs_from_case_to_case(kind: Kind, vectors: Any) -> None:
    assert kind(np.tanh, lambda x: np.tanh(x) + x.sum(), vectors) == "common_offset"


def test_single_numbers_tell_neither(kind: Kind) -> None:
    asked = [{"x": 0.1 * number} for number in range(1, 6)]
    assert kind(np.exp, lambda x: np.sin(7 * x), asked) is None


def test_two_equal_entries_tell_neither(kind: Kind) -> None:
    asked = [{"x": np.full(count, 0.1 * count)} for count in range(2, 6)]
    assert kind(np.exp, lambda x: np.sin(7 * x) + 2, asked) is None
