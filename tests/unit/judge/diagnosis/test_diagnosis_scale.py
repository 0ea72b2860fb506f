from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Kind = Callable[..., "str | None"]


def log(x: Any) -> Any:
    return np.log(x**2 + 2)


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (lambda x: -log(x), "negated"),
        (lambda x: 2 * log(x), "times_2"),
        (lambda x: log(x) / 2, "times_half"),
        (lambda x: log(x) * len(x), "times_n"),
        (lambda x: log(x) / len(x), "divided_by_n"),
        (lambda x: log(x) * len(x) / 2, "times_n_half"),
        (lambda x: log(x) * 2 / len(x), "times_2_n"),
        (lambda x: log(x) / np.log(2), "log_base"),
        (lambda x: log(x) / np.log(10), "log_base"),
        (lambda x: log(x) + 1, "one_too_many"),
        (lambda x: log(x) - 1, "one_too_few"),
        (lambda x: log(x) * 0.37, "constant_factor"),
        (lambda x: log(x) * -3, "constant_factor"),
        (lambda x: log(x) + 0.37, "constant_offset"),
    ],
)
def test_one_factor_or_offset_for_all(kind: Kind, vectors: Any, came: Any, expected: str) -> None:
    assert kind(log, came, vectors) == expected


def test_the_length_of_an_argument(kind: Kind, matrices: Any) -> None:
    due, came = (lambda x: float(np.exp(x).sum())), (lambda x: float(np.exp(x).sum() / len(x)))
    assert kind(due, came, matrices) == "divided_by_n"


def test_a_length_that_is_always_the_same_is_a_constant(kind: Kind) -> None:
    draw = np.random.default_rng(5)
    asked = [{"x": draw.normal(size=3)} for _ in range(4)]
    assert kind(log, lambda x: log(x) * len(x), asked) == "constant_factor"
    asked = [{"x": draw.normal(size=2)} for _ in range(4)]
    assert kind(log, lambda x: log(x) * len(x), asked) == "times_2"


def test_zeros_have_every_sign_and_factor(kind: Kind) -> None:
    asked = [{"x": np.zeros(4)}, {"x": np.zeros(3)}, {"x": np.array([0.0, 0.3])}]
    assert kind(lambda x: x, lambda x: x * (len(x) < 3) - x, asked) is None


def test_one_number_has_a_ratio_to_any_other(kind: Kind) -> None:
    asked = [{"x": 0.7}, {"x": 0.9}]
    assert kind(np.cos, lambda x: np.sin(3 * x) + 0.123, asked) is None
    assert kind(np.cos, lambda x: 3.1 * np.cos(x), asked[:1]) is None


def test_one_number_twice_as_large_is_chance_and_two_are_not(kind: Kind) -> None:
    asked = [{"x": 0.7}, {"x": 0.9}]
    assert kind(np.cos, lambda x: 2 * np.cos(x), asked[:1]) is None
    assert kind(np.cos, lambda x: 2 * np.cos(x), asked) == "times_2"


def test_a_right_case_speaks_against_a_factor_that_would_show_in_it(kind: Kind, vectors: Any) -> None:
    assert kind(log, lambda x: log(x) * (-1 if len(x) > 3 else 1), vectors) != "negated"
    assert kind(log, lambda x: log(x) * (2 if len(x) > 3 else 1), vectors) != "times_2"


def test_a_right_zero_does_not(kind: Kind, vectors: Any) -> None:
    assert kind(np.tanh, lambda x: -np.tanh(x), [*vectors, {"x": np.zeros(4)}]) == "negated"


def test_small_integers_are_weak_evidence(kind: Kind) -> None:
    asked = [{"d": 1}, {"d": 2}]
    assert kind(lambda d: d, lambda d: 2 * d, asked) is None
    asked = [{"d": 120}, {"d": 345}, {"d": 6}]
    assert kind(lambda d: d, lambda d: 2 * d, asked) == "times_2"


def test_integers_are_exact(kind: Kind) -> None:
    asked = [{"d": 10**9 + item} for item in range(4)]
    assert kind(lambda d: d, lambda d: d + 1, asked) == "one_too_many"


def test_an_axis_that_only_some_arguments_have_is_no_length(kind: Kind) -> None:
    asked = [
        {"x": np.arange(1.0, 7.0) ** 2, "A": np.ones((2, 3))},
        {"x": np.arange(2.0, 9.0) ** 2, "A": np.ones(3)},
    ]
    assert kind(lambda x, _: np.exp(x / 50), lambda x, _: np.sin(x) ** 3, asked) is None
