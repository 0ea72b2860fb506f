from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Kind = Callable[..., "str | None"]


def entries() -> list[dict[str, Any]]:
    draw = np.random.default_rng(12)
    return [
        {"x": np.array([-1.0, 0.0, 1.5])},
        {"x": draw.normal(size=9)},
        {"x": draw.choice([-2.0, 0.0, 0.5], size=12)},
        {"x": np.array([-1000.0, 800.0, 0.3])},
    ]


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (lambda x: np.where(x >= 0, 1, -1), "wrong_at_zero"),
        (lambda x: x / np.abs(x), "wrong_at_zero"),
        (lambda x: np.where(x < 0, 3.5, np.sign(x)), "wrong_for_negative"),
        (lambda x: np.where(x > 0, 1 + x, np.sign(x)), "wrong_for_positive"),
        (lambda x: np.where(x <= 0, 3.5, 1), "wrong_for_negative"),
        (lambda x: np.where(np.abs(x) > 50, 3.5, np.sign(x)), "wrong_for_large"),
    ],
)
def test_a_regime_of_the_argument(kind: Kind, came: Any, expected: str) -> None:
    assert kind(np.sign, came, entries()) == expected


def test_a_zero_that_is_right_speaks_against_the_regime(kind: Kind) -> None:
    assert kind(np.sign, lambda x: np.sign(x) + (x == 0) * (len(x) < 5), entries()) is None


def test_one_more_wrong_entry_speaks_against_the_regime(kind: Kind) -> None:
    assert kind(np.cos, lambda x: np.cos(x) + ((x == 0) | (x == 0.5)), entries()) is None


def test_a_zero_that_is_right_by_chance_does_not_matter(kind: Kind) -> None:
    relu = lambda x: np.maximum(x, 0)  # noqa: E731
    assert (
        kind(relu, lambda x: np.where(x < -1.5, 0, np.where(x > 0, x, 0.01 * x)), entries())
        == "wrong_for_negative"
    )


def labelled() -> list[dict[str, Any]]:
    draw = np.random.default_rng(13)
    return [{"x": draw.normal(size=6), "y": y} for y in (draw.integers(0, 2, size=6) for _ in range(4))]


def test_one_label(kind: Kind) -> None:
    for one in (0, 1):
        came = lambda x, y, one=one: np.exp(x) - y + (y == one) * x  # noqa: E731
        assert kind(lambda x, y: np.exp(x) - y, came, labelled()) == "wrong_for_one_class"


def test_a_label_that_is_at_times_right_is_no_regime(kind: Kind) -> None:
    came = lambda x, y: np.exp(x) - y + (y == 1) * np.maximum(x, 0)  # noqa: E731
    assert kind(lambda x, y: np.exp(x) - y, came, labelled()) is None
