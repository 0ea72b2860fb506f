from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Kind = Callable[..., "str | None"]


def softmax(x: Any, axis: int | None = 1) -> Any:
    return np.exp(x) / np.exp(x).sum(axis, keepdims=True)


def tables() -> list[dict[str, Any]]:
    draw = np.random.default_rng(8)
    return [{"x": draw.normal(size=shape)} for shape in ((2, 3), (3, 3), (4, 2), (1, 3))]


def test_columns_for_rows_and_the_other_way_round(kind: Kind) -> None:
    assert kind(softmax, lambda x: softmax(x, 0), tables()[:3]) == "softmax_axis"
    assert kind(lambda x: softmax(x, 0), softmax, tables()[:3]) == "softmax_axis"


def test_the_whole_for_rows(kind: Kind) -> None:
    assert kind(softmax, lambda x: softmax(x, None), tables()) == "softmax_axis"


def test_a_single_row_does_not_tell(kind: Kind) -> None:
    assert kind(softmax, lambda x: softmax(2 * x, 1), tables()) is None


def test_a_transposed_one_is_transposed(kind: Kind) -> None:
    assert kind(softmax, lambda x: softmax(x).T, tables()) == "transposed"
