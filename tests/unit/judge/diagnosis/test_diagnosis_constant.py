from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Kind = Callable[..., "str | None"]


def test_the_published_answer_for_all(kind: Kind, steps: Any) -> None:

    def due(x: Any, y: Any, k: Any) -> float:
        return float(x @ y * k)

    assert kind(due, lambda x, y, k: due(*steps[0].values()), steps, visible=1) == "published_only"  # noqa: ARG005
    assert kind(due, lambda x, y, k: due(*steps[3].values()), steps, visible=1) == "constant_answer"  # noqa: ARG005


def test_published_zeros_and_ones_are_not_copied_but_common(kind: Kind) -> None:
    asked = [{"x": value} for value in (5.0, 7.0, -1.0, -2.0)]
    assert kind(lambda x: float(x > 0), lambda x: 1.0, asked) != "published_only"  # noqa: ARG005


def test_a_placeholder(kind: Kind, vectors: Any) -> None:
    assert kind(np.exp, np.zeros_like, vectors) == "constant_answer"
    assert kind(np.exp, np.zeros_like, vectors[:2]) is None


def test_an_item_that_is_always_the_same(kind: Kind, vectors: Any) -> None:
    came = lambda x: (np.exp(x), 1.0)  # noqa: E731
    assert kind(lambda x: (np.exp(x), float(x.sum())), came, vectors) == "constant_answer"


def test_an_argument_as_the_answer(kind: Kind, steps: Any) -> None:
    assert kind(lambda x, y, k: x - k * y, lambda x, y, k: x, steps) == "argument_returned"  # noqa: ARG005
    came = lambda x, y, k: x if len(x) > 3 else y  # noqa: ARG005, E731
    assert kind(lambda x, y, k: x - k * y, came, steps) is None
