from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Kind = Callable[..., "str | None"]


def affine(W: Any, b: Any, x: Any) -> Any:  # noqa: N803
    return W @ x + b


def softmax(x: Any) -> Any:
    return np.exp(x) / np.exp(x).sum()


ACTIVATIONS = [
    np.tanh,
    softmax,
    lambda x: 1 / (1 + np.exp(-x)),
    lambda x: np.logaddexp(0, x),
]


def layers() -> list[dict[str, Any]]:
    draw = np.random.default_rng(6)
    shapes = ((3, 2), (4, 4), (2, 5))
    return [{"W": draw.normal(size=(m, n)), "b": draw.normal(size=m), "x": draw.normal(size=n)} for m, n in shapes]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_activation_too_many(kind: Kind, activation: Any) -> None:
    assert kind(affine, lambda W, b, x: activation(affine(W, b, x)), layers()) == "activation_applied"  # noqa: N803


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_activation_missing(kind: Kind, activation: Any) -> None:
    assert kind(lambda W, b, x: activation(affine(W, b, x)), affine, layers()) == "activation_missing"  # noqa: N803


def test_another_activation_is_neither(kind: Kind, vectors: Any) -> None:
    assert kind(ACTIVATIONS[2], np.tanh, vectors) is None
    assert kind(ACTIVATIONS[3], lambda x: np.maximum(x, 0), vectors) is None
