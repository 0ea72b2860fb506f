from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Kind = Callable[..., "str | None"]


def loss(x: Any, y: int) -> float:
    return float(np.logaddexp.reduce(x - x[y]))


def naive(x: Any, y: int) -> float:
    return float(-np.log(np.exp(x)[y] / np.exp(x).sum()))


def partial(x: Any, i: int, j: int) -> float:
    s = np.exp(x) / np.exp(x).sum()
    return float(s[i] * ((i == j) - s[j]))


def classes() -> list[dict[str, Any]]:
    draw = np.random.default_rng(9)
    return [{"x": draw.normal(size=4), "y": y} for y in (0, 1, 2, 0, 3, 0, 1)]


def pairs() -> list[dict[str, Any]]:
    draw = np.random.default_rng(10)
    places = ((0, 0), (1, 0), (2, 2), (3, 1), (1, 1), (0, 2))
    return [{"x": draw.normal(size=4), "i": i, "j": j} for i, j in places]


LARGE = [{"x": np.array([1000.0, 0.0, 1.0]), "y": 1}, {"x": np.array([-1000.0, -999.0]), "y": 1}]


def test_an_overflow_in_large_cases_only(kind: Kind) -> None:
    assert kind(loss, naive, classes() + LARGE) == "overflow"


def test_nan_elsewhere_too_is_not_an_overflow(kind: Kind) -> None:
    assert kind(loss, lambda x, y: naive(x, y) if y in {0, 3} else np.nan, classes() + LARGE) is None


def test_a_limit_that_large_cases_meet(kind: Kind) -> None:
    assert kind(loss, lambda x, y: min(loss(x, y), 27.6), classes() + LARGE[:1]) == "wrong_for_large"


def test_large_cases_alone_do_not_tell(kind: Kind) -> None:
    assert kind(loss, naive, LARGE) is None


def test_one_class(kind: Kind) -> None:
    assert kind(loss, lambda x, y: loss(x, y) + (y == 0) * x[1], classes()) == "wrong_for_one_class"
    assert kind(loss, lambda x, y: loss(x, y) + (y == 3) * x[1], classes()) is None
    assert kind(loss, lambda x, y: loss(x, y) + (y > 1) * x[1], classes()) is None


def test_equal_and_unequal_indices(kind: Kind) -> None:
    assert kind(partial, lambda x, i, j: partial(x, i, j) + (i == j) * x[1], pairs()) == "equal_indices"
    assert kind(partial, lambda x, i, j: partial(x, i, j) + (i != j) * x[1], pairs()) == "unequal_indices"
    assert kind(partial, lambda x, i, j: partial(x, i, j) + (i > j) * x[1], pairs()) is None


def test_a_factor_of_zero(kind: Kind) -> None:
    draw = np.random.default_rng(11)
    asked = [{"x": draw.normal(size=4), "c": c} for c in (1.0, 0.5, 0.0, -1.0, 2.0)]

    def scaled(x: Any, c: float) -> Any:
        return np.exp(c * x) / np.exp(c * x).sum()

    assert kind(scaled, lambda x, c: scaled(x, c or 1.0), asked) == "wrong_at_zero"
    assert kind(scaled, lambda x, c: scaled(x, abs(c)), asked) != "wrong_at_zero"


def test_tiny_entries_beside_large_ones_that_are_right(kind: Kind) -> None:
    draw = np.random.default_rng(12)
    asked = [{"x": draw.normal(size=size) + 3} for size in (3, 4, 5)]
    asked.append({"x": np.array([-1000.0, -1e-5, 1e-5, 1000.0])})
    assert kind(np.sign, lambda x: np.clip(np.round(x * 1000), -1, 1), asked) is None
    assert kind(np.sign, lambda x: np.where(np.abs(x) < 1e-3, np.nan, np.sign(x)), asked) is None


def test_answers_remembered_by_shape_are_not_taken_for_large_ones(kind: Kind) -> None:
    draw = np.random.default_rng(14)
    ordinary = [{"x": draw.normal(size=size)} for size in (3, 4, 5)]
    for last in (np.array([-1000.0, 2.0, 3.0, 1000.0]), np.full(4, 1000.0)):
        memory: dict[int, Any] = {}
        remembering = lambda x, memory=memory: memory.setdefault(x.size, x**3)  # noqa: E731
        assert kind(lambda x: x**3, remembering, [*ordinary, {"x": last}]) is None


def test_answers_remembered_by_shape_are_not_taken_for_those_at_zero(kind: Kind) -> None:
    draw = np.random.default_rng(15)
    sizes_and_factors = [(3, 1.0), (4, 0.5), (5, -1.0), (6, 2.0), (3, 0.0)]
    asked = [{"x": draw.normal(size=size), "c": c} for size, c in sizes_and_factors]
    memory: dict[int, Any] = {}
    came = lambda x, c: memory.setdefault(x.size, np.exp(c * x))  # noqa: E731
    assert kind(lambda x, c: np.exp(c * x), came, asked) is None


def test_equal_entries_are_not_taken_for_zeros(kind: Kind) -> None:
    def by_value(x: Any, i: int, j: int) -> float:
        s = np.exp(x) / np.exp(x).sum()
        return float(s[i] * ((s[i] == s[j]) - s[j]))

    zeros = {"x": np.zeros(4), "i": 0, "j": 1}
    assert kind(partial, by_value, [*pairs(), zeros]) is None
    ones = {"x": np.ones(4), "i": 0, "j": 1}
    at_zero = lambda x, i, j: partial(x, i, j) + (not x.any())  # noqa: E731
    assert kind(partial, at_zero, [*pairs(), zeros]) is None
    assert kind(partial, at_zero, [*pairs(), zeros, ones]) == "wrong_at_zero"
