from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Kind = Callable[..., "str | None"]


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (lambda x: np.exp(x).sum(), "summed"),
        (lambda x: np.exp(x).mean(), "averaged"),
    ],
)
def test_a_sum_or_mean_too_many(kind: Kind, vectors: Any, matrices: Any, came: Any, expected: str) -> None:
    assert kind(np.exp, came, vectors) == expected
    assert kind(np.exp, came, matrices) == expected


def test_along_an_axis(kind: Kind, matrices: Any) -> None:
    assert kind(np.exp, lambda x: np.exp(x).sum(axis=0), matrices) == "summed"
    assert kind(np.exp, lambda x: np.exp(x).mean(axis=1), matrices) == "averaged"
    assert kind(lambda x: np.exp(x).sum(axis=1), np.exp, matrices) == "sum_missing"
    assert kind(lambda x: np.exp(x).mean(axis=0), np.exp, matrices) == "mean_missing"


def test_a_sum_or_mean_that_is_missing(kind: Kind, vectors: Any) -> None:
    assert kind(lambda x: np.exp(x).sum(), np.exp, vectors) == "sum_missing"
    assert kind(lambda x: np.exp(x).mean(), np.exp, vectors) == "mean_missing"


def test_single_entries_are_their_own_sum(kind: Kind) -> None:
    asked = [{"x": np.array([0.1 * number])} for number in range(1, 5)]
    assert kind(np.exp, lambda x: np.exp(x).sum(), asked) == "missing_axis"


def test_the_sum_along_the_other_axis_is_not_due_to_a_missing_one(kind: Kind, matrices: Any) -> None:
    assert kind(lambda x: np.exp(x).sum(axis=0), lambda x: np.exp(x).sum(axis=1), matrices) is None


def test_a_sum_of_something_else_is_neither(kind: Kind, vectors: Any) -> None:
    assert kind(np.exp, lambda x: np.sin(x).sum(), vectors) is None
    assert kind(lambda x: np.exp(x).sum(), np.sin, vectors) is None
