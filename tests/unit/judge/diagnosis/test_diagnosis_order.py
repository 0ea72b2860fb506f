from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Kind = Callable[..., "str | None"]


def cumulate(x: Any) -> Any:
    return np.cumsum(np.exp(x))


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (lambda x: cumulate(x)[::-1], "reversed"),
        (lambda x: np.roll(cumulate(x), 1), "shifted"),
        (lambda x: np.append(cumulate(x)[1:], 0.123) if len(x) > 1 else cumulate(x), "shifted"),
        (lambda x: np.concatenate([cumulate(x)[::2], cumulate(x)[1::2]]), "permuted"),
        (lambda x: cumulate(x)[1:], "values_missing"),
        (lambda x: cumulate(x)[:-1], "values_missing"),
        (lambda x: np.append(0.0, cumulate(x)), "values_too_many"),
        (lambda x: np.concatenate([[0.0], cumulate(x), [0.0]]), "values_too_many"),
    ],
)
def test_right_values_in_wrong_places(kind: Kind, vectors: Any, came: Any, expected: str) -> None:
    assert kind(cumulate, came, vectors) == expected


def test_a_matrix_upside_down(kind: Kind, matrices: Any) -> None:
    assert kind(np.exp, lambda x: np.exp(x)[::-1], matrices) == "reversed"
    assert kind(np.exp, lambda x: np.exp(x)[:, ::-1], matrices) == "reversed"


def test_zeros_and_ones_are_no_evidence_of_an_order(kind: Kind) -> None:
    draw = np.random.default_rng(7)
    asked = [{"x": draw.permutation([0.0, 0.0, 1.0, 1.0, 0.0, 1.0])} for _ in range(4)]
    assert kind(lambda x: x, lambda x: draw.permutation(x), asked) is None  # noqa: PLW0108


def test_what_reads_the_same_backwards_does_not_tell(kind: Kind) -> None:
    asked = [{"x": np.array([1.5, 2.5, 1.5])}, {"x": np.array([0.5, 0.5])}]
    assert kind(lambda x: x, lambda x: x[::-1] + np.eye(len(x))[0], asked) is None


def test_other_values_are_none_of_these(kind: Kind, vectors: Any) -> None:
    assert kind(cumulate, lambda x: np.sin(x)[1:], vectors) is None
    assert kind(cumulate, lambda x: np.append(np.sin(x), 0.5), vectors) is None


def test_large_answers_are_not_sorted(kind: Kind) -> None:
    asked = [{"x": np.linspace(0, 1, 10_000)}]
    assert kind(lambda x: x, lambda x: np.concatenate([x[::2], x[1::2]]), asked) is None
