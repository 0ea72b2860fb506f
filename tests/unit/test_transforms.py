from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.transforms import KINDS, Transform

A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


@pytest.mark.parametrize(
    ("transform", "changed"),
    [
        (Transform("permute", [1, 0]), [[4, 5, 6], [1, 2, 3]]),
        (Transform("permute", [2, 0, 1], 1), [[3, 1, 2], [6, 4, 5]]),
        (Transform("permute", [2, 0, 1], -1), [[3, 1, 2], [6, 4, 5]]),
        (Transform("reverse"), [[4, 5, 6], [1, 2, 3]]),
        (Transform("reverse", axis=1), [[3, 2, 1], [6, 5, 4]]),
        (Transform("scale", 2), [[2, 4, 6], [8, 10, 12]]),
        (Transform("shift", -1), [[0, 1, 2], [3, 4, 5]]),
        (Transform("transpose"), [[1, 4], [2, 5], [3, 6]]),
        (Transform("same"), [[1, 2, 3], [4, 5, 6]]),
    ],
    ids=str,
)
def test_each_kind(transform: Transform, changed: Any) -> None:
    assert transform.apply(A).tolist() == changed


@pytest.mark.parametrize("kind", KINDS)
def test_an_array_keeps_its_dtype_and_is_not_touched(kind: str) -> None:
    before = A.astype(np.float32)
    by: Any = {"permute": [1, 0], "scale": 2.0, "shift": 1.0}.get(kind, True)
    after = Transform(kind, by).apply(before)
    assert after.dtype == np.float32
    assert np.array_equal(before, A)


@pytest.mark.parametrize(
    ("transform", "text"),
    [
        (Transform("permute", [0, 1, 2]), "no order of 2 entries"),
        (Transform("permute", [0, 0]), "no order of 2 entries"),
        (Transform("permute", [0], 2), "no order of 0 entries"),
        (Transform("permute", [0], -3), "no order of 0 entries"),
        (Transform("reverse", axis=2), "axis 2 is out of bounds"),
    ],
    ids=str,
)
def test_what_does_not_fit_the_array(transform: Transform, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        transform.apply(A)


def test_a_number_has_no_axis() -> None:
    number = np.array(3.0)
    assert Transform("scale", 2).apply(number) == 6
    for kind in ("permute", "reverse"):
        with pytest.raises(ValueError, match=r"no order of|axis 0 is out of bounds"):
            Transform(kind, [0]).apply(number)
