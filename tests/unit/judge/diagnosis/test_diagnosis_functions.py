from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Kind = Callable[..., "str | None"]


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (lambda x: 1 - sigmoid(x), "complement"),
        (lambda x: 1 / sigmoid(x), "reciprocal"),
        (lambda x: sigmoid(x) ** 2, "squared"),
        (lambda x: np.sqrt(sigmoid(x)), "square_root"),
        (lambda x: np.exp(sigmoid(x)), "log_missing"),
        (lambda x: np.log(sigmoid(x)), "exp_missing"),
    ],
)
def test_a_function_of_every_value(kind: Kind, vectors: Any, came: Any, expected: str) -> None:
    assert kind(sigmoid, came, vectors) == expected


def tables(count: int) -> list[dict[str, Any]]:
    """Arguments from which the sign of an answer's entry cannot be read."""
    draw = np.random.default_rng(4)
    return [{"a": draw.normal(size=(3, rows)), "b": draw.normal(size=3)} for rows in range(2, 2 + count)]


def test_lost_signs(kind: Kind) -> None:
    assert kind(lambda a, b: b @ a, lambda a, b: np.abs(b @ a), tables(5)) == "absolute"
    assert kind(lambda a, b: b @ a, lambda a, b: np.maximum(b @ a, 0), tables(5)) == "negative_lost"


def test_negative_values_only_are_negated_rather(kind: Kind, vectors: Any) -> None:
    assert kind(lambda x: -np.exp(x), np.exp, vectors) == "negated"


def test_another_function_is_none_of_these(kind: Kind, vectors: Any) -> None:
    assert kind(sigmoid, np.sin, vectors) is None
    assert kind(sigmoid, lambda x: np.maximum(x, 0), vectors) is None


def test_ones_and_zeros_are_their_own_squares_and_roots(kind: Kind) -> None:
    asked = [{"x": np.array([0.0, 1.0, 1.0])}, {"x": np.array([1.0, 0.0])}]
    assert kind(lambda x: x, lambda x: x[::-1] ** 2 + (x - x), asked) not in {"squared", "square_root"}
