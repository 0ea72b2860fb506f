from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge.forms import form_of, formed
from grader.judge.verdict import Right, Wrong
from grader.wire import Opaque

MATRIX, VECTOR = np.ones((2, 3)), np.ones(2)


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (1.5, []),
        (MATRIX, [2, 3]),
        ([1.0, 2.0], [2]),
        ((MATRIX, VECTOR, 0.5), ([2, 3], [2], [])),
        ({"W": MATRIX, "b": VECTOR}, {"W": [2, 3], "b": [2]}),
        (True, None),
        ("text", None),
        (None, None),
        ((MATRIX, "text"), None),
        ({"W": "text"}, None),
        ((), [0]),
        (Opaque("thing"), None),
    ],
)
def test_the_form_of_an_answer(value: Any, form: Any) -> None:
    assert form_of(value) == form


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ([], 2),
        ([2, 3], MATRIX.tolist()),
        (([2, 3], [2]), [MATRIX, (1, 2)]),
        (([], []), np.array([1.0, 2.0])),
        ({"W": [2, 3]}, {"W": MATRIX * 7}),
    ],
)
def test_what_has_it(form: Any, answer: Any) -> None:
    assert formed(form, answer, nonfinite=False) == Right()


@pytest.mark.parametrize(
    ("form", "answer", "reason", "detail"),
    [
        ([2], [[1, 2]], "the shape is wrong", "expected (2,), got (1, 2)"),
        ([2], [1, float("nan")], "your answer holds NaN or infinity", ""),
        ([2], "text", "your answer is text, where numbers are due", ""),
        (([2], [2]), VECTOR.reshape(1, 2), "2 values are due: return them as a tuple", ""),
        (([2], [2]), 3, "2 values are due: return them as a tuple", ""),
        (([2, 3], [2]), (MATRIX, 1.0), "value 2 of 2: the shape is wrong", "expected (2,), got ()"),
        ({"W": [2]}, {"W": 1.0}, "`W`: the shape is wrong", "expected (2,), got ()"),
        ({"W": [2]}, {"V": VECTOR}, "a dict is due, with the keys of the homework", ""),
        ({"W": [2]}, VECTOR, "a dict is due, with the keys of the homework", ""),
    ],
)
def test_what_has_not(form: Any, answer: Any, reason: str, detail: str) -> None:
    assert formed(form, answer, nonfinite=False) == Wrong(reason, detail)


def test_nan_where_it_is_meant() -> None:
    assert formed([1], [float("nan")], nonfinite=True) == Right()
