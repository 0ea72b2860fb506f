from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Kind = Callable[..., "str | None"]


def onehot(x: Any, y: int) -> Any:
    return np.eye(len(x))[y]


def gradient(x: Any, y: int) -> Any:
    return np.tanh(x) - onehot(x, y)


def indexed(places: tuple[int, ...] = (0, 3, 1, 2)) -> list[dict[str, Any]]:
    draw = np.random.default_rng(14)
    return [{"x": draw.normal(size=5), "y": y} for y in places]


def test_the_given_entry_wrong_or_alone_right(kind: Kind) -> None:
    assert kind(gradient, lambda x, y: np.tanh(x) + 2 * onehot(x, y), indexed()) == "wrong_at_index"
    assert kind(gradient, lambda x, y: gradient(x, y) * onehot(x, y), indexed()) == "right_at_index"


def test_always_the_same_entry_does_not_tell_the_class_from_the_place(kind: Kind) -> None:
    assert kind(gradient, lambda x, y: gradient(x, y) + 2.5 * onehot(x, 0), indexed((0, 0, 0))) != "wrong_at_index"


def test_another_entry_is_not_the_given_one(kind: Kind) -> None:
    assert kind(gradient, lambda x, y: np.tanh(x) - onehot(x, y - 1), indexed()) is None


def jacobian(x: Any) -> Any:
    s = np.exp(x) / np.exp(x).sum()
    return np.diag(s) - np.outer(s, s)


def test_the_diagonal_and_what_is_beside_it(kind: Kind, vectors: Any) -> None:
    assert kind(jacobian, lambda x: jacobian(x) + np.diag(x), vectors) == "wrong_on_diagonal"
    assert kind(jacobian, lambda x: np.diag(np.diag(jacobian(x))), vectors) == "wrong_off_diagonal"
    assert kind(jacobian, lambda x: jacobian(x) + np.triu(np.outer(x, x)), vectors) is None


def test_a_matrix_of_one_entry_is_all_diagonal(kind: Kind) -> None:
    asked = [{"x": np.array([0.1 * number])} for number in range(1, 5)]
    assert kind(lambda x: x[:, None], lambda x: np.sin(5 * x[:, None]), asked) is None


def test_ends(kind: Kind, vectors: Any) -> None:
    long = [item for item in vectors if len(item["x"]) > 3]

    def bent(first: int, last: int) -> Callable[[Any], Any]:
        return lambda x: np.exp(x) + np.sin(x) * np.array([first, *[0] * (len(x) - 2), last])

    assert kind(np.exp, bent(1, 0), long) == "wrong_start"
    assert kind(np.exp, bent(0, 1), long) == "wrong_end"
    assert kind(np.exp, bent(1, 1), long) == "wrong_ends"


def test_a_wrong_entry_in_the_middle_is_no_end(kind: Kind, vectors: Any) -> None:
    long = [item for item in vectors if len(item["x"]) > 3]
    assert kind(np.exp, lambda x: np.exp(x) + (np.arange(len(x)) % 2) * np.sin(x), long) is None
