from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Kind = Callable[..., "str | None"]


def step(x: Any, y: Any, k: float) -> Any:
    return x - k * y


@pytest.mark.parametrize(
    ("due", "came", "expected"),
    [
        (step, lambda _, y, k: -k * y, "term_missing"),
        (step, lambda x, y, k: 2 * x - k * y, "term_missing"),
        (step, lambda x, y, k: x + k * y, "step_reversed"),
        (lambda x, y, k: k * np.tanh(x) * y, lambda x, _, k: k * np.tanh(x), "factor_missing"),
        (lambda x, y, k: k * np.tanh(x) + y * k, lambda x, y, _: np.tanh(x) + y, "factor_missing"),
        (lambda x, y, _: np.tanh(x) + y, lambda x, y, k: (np.tanh(x) + y) * k, "factor_too_many"),
    ],
)
def test_an_argument_left_out_or_one_too_many(kind: Kind, steps: Any, due: Any, came: Any, expected: str) -> None:
    assert kind(due, came, steps) == expected


def test_sizes_that_are_not_counted(kind: Kind) -> None:
    asked = [{"d": d, "m": m} for d, m in ((30, 2), (784, 10), (25, 9), (120, 31), (77, 4))]
    assert kind(lambda d, m: d * m + m, lambda d, m: d * m, asked) == "term_missing"
    assert kind(lambda d, m: d * m + m, lambda d, m: d * m + 7 * d - m, asked) is None


def test_a_function_of_one_argument_may_be_its_own_mirror_image(kind: Kind, vectors: Any) -> None:
    assert kind(lambda x: np.logaddexp(0, x), lambda x: np.logaddexp(0, -x), vectors) is None


def test_another_step_is_none_of_these(kind: Kind, steps: Any) -> None:
    assert kind(step, lambda x, y, k: x - k * k * y, steps) is None


def test_arguments_that_cannot_stand_beside_an_answer_are_no_terms(kind: Kind, vectors: Any) -> None:
    asked = [{**args, "flag": True, "large": 1 << 80, "word": "same"} for args in vectors]
    assert kind(lambda x, *_: np.exp(x), lambda x, *_: np.sin(x) ** 3 + x**2, asked) is None
