from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Kind = Callable[..., "str | None"]


def tanh(x: Any) -> Any:
    return np.tanh(x)


def outer(x: Any) -> Any:
    return np.outer(x, x + 1), x


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (lambda x: np.tanh(x)[:, None], "column_for_vector"),
        (lambda x: np.tanh(x)[None, :], "row_for_vector"),
        (lambda x: np.tanh(x)[None, :, None], "extra_axis"),
        (lambda x: np.diag(np.tanh(x)), "diagonal_matrix"),
        (lambda x: np.tanh(x)[:, None] + x - x[:, None], "broadcast"),
    ],
)
def test_a_vector_in_another_shape(kind: Kind, vectors: Any, came: Any, expected: str) -> None:
    assert kind(tanh, came, vectors) == expected


def test_a_single_number_in_an_array(kind: Kind, vectors: Any) -> None:
    assert kind(lambda x: float(x.sum()), lambda x: np.array([x.sum()]), vectors) == "extra_axis"
    assert kind(lambda x: float(x.sum()), lambda x: np.array([[x.sum()]]), vectors) == "extra_axis"


def test_a_column_of_one_entry_is_a_row_as_well(kind: Kind) -> None:
    asked = [{"x": np.array([0.3])}, {"x": np.array([0.4])}]
    assert kind(tanh, lambda x: np.tanh(x)[:, None], asked) == "extra_axis"


def test_an_axis_of_length_one_that_is_lost(kind: Kind, vectors: Any) -> None:
    assert kind(tanh, lambda x: np.squeeze(np.tanh(x)), vectors) == "missing_axis"


def test_a_transposed_matrix_alone_and_in_a_tuple(kind: Kind, matrices: Any, vectors: Any) -> None:
    assert kind(tanh, lambda x: np.tanh(x).T, matrices) == "transposed"
    assert kind(outer, lambda x: (np.outer(x + 1, x), x), vectors) == "transposed"


def test_what_is_symmetric_does_not_tell_a_transposition(kind: Kind) -> None:
    asked = [{"x": np.full((2, 2), 0.3)}, {"x": np.zeros((3, 3))}]
    assert kind(tanh, lambda x: np.tanh(x).T + 0.1 * np.eye(len(x)), asked) != "transposed"


def test_one_matrix_that_is_not_transposed_speaks_against_it(kind: Kind, matrices: Any) -> None:
    assert kind(tanh, lambda x: np.tanh(x).T if x.shape != (3, 3) else np.tanh(x), matrices) != "transposed"


def test_the_diagonal_for_the_matrix(kind: Kind, vectors: Any) -> None:
    assert kind(lambda x: np.diag(np.tanh(x)), tanh, vectors) == "diagonal_for_matrix"


def test_rows_one_after_the_other(kind: Kind, matrices: Any) -> None:
    assert kind(tanh, lambda x: np.tanh(x).ravel(), matrices[:3]) == "reshaped"
    assert kind(lambda x: x * 0.0, lambda x: x.ravel() * 0.0, matrices[:3]) is None


def test_a_wrong_shape_with_wrong_values_is_none_of_these(kind: Kind, vectors: Any) -> None:
    assert kind(tanh, lambda x: np.exp(x)[:, None] + 0.3 * x, vectors) is None


def test_one_entry_may_be_right_where_longer_answers_are_a_table(kind: Kind) -> None:
    asked = [{"x": np.arange(1.0, count + 1) ** 1.5} for count in (4, 1, 5)]
    came = lambda x: x[:, np.newaxis] * np.ones_like(x) if len(x) > 1 else x  # noqa: E731
    assert kind(lambda x: x, came, asked) == "broadcast"


def test_some_answers_may_have_their_shape(kind: Kind) -> None:
    asked = [{"x": np.arange(1.0, 2 * count + 1).reshape(2, count) ** 1.5} for count in (3, 2, 4)]
    came = lambda x: (2 * x).reshape(-1) if x.size > 4 else 2 * x  # noqa: E731
    assert kind(lambda x: 2 * x, came, asked) == "reshaped"
