from __future__ import annotations

from fractions import Fraction

import pytest

from grader.importing.model import NotPlainError
from grader.importing.parts import resolved


@pytest.mark.parametrize(
    ("total", "cases", "whole", "shares"),
    [
        (None, [None, None], 1, ["1/2", "1/2"]),
        (None, [2, None], 2, [2, 0]),
        (None, [0, 0], 0, [0, 0]),
        (None, [0, None], 1, [0, 1]),
        (6, [2, 2, None, None], 6, [2, 2, 1, 1]),
        (3, [None] * 3, 3, [1, 1, 1]),
        (5, [1, 1], 2, [1, 1]),
        (0.1, [None], "1/10", ["1/10"]),
    ],
)
def test_points_follow_otters_rules(
    total: object, cases: list[object], whole: object, shares: list[object]
) -> None:
    assert resolved(total, cases) == (Fraction(str(whole)), [Fraction(str(share)) for share in shares])


@pytest.mark.parametrize(("total", "cases"), [(1, [2, None]), (None, [-1, 2]), (-1, [None])])
def test_points_that_otter_refuses_are_refused(total: object, cases: list[object]) -> None:
    with pytest.raises(NotPlainError, match="more points"):
        resolved(total, cases)
