from __future__ import annotations

from fractions import Fraction

import pytest

from grader.importing.model import Asked, Found, Imported, NotPlainError
from grader.importing.parts import OtterCase, add_part, resolved


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


def asks(*functions: str, **about: object) -> OtterCase:
    return OtterCase("case", dict(about), [Found(0, Asked(function, (1,), 1)) for function in functions])


def test_functions_of_different_points_become_parts() -> None:
    imported = Imported("hw")
    add_part("q.py", {"name": "q", "points": 1}, [asks("f"), asks("f"), asks("g")], imported)
    assert [(part.id, str(part.points)) for part in imported.parts] == [("q-f", "0.67"), ("q-g", "0.33")]
    assert str(imported.left[-1]) == "q.py: its functions became parts of their own: f, g"
    add_part("e.py", {}, [asks("f"), asks("g")], imported)
    assert (imported.parts[-1].id, len(imported.parts), len(imported.left)) == ("e", 3, 1)


def test_what_is_not_exact_is_listed() -> None:
    imported = Imported("hw")
    add_part("q.py", {"points": {"each": 0.333}}, [asks("f", success_message="!", color=3), asks()], imported)
    add_part("r.py", {"points": [1, 0]}, [asks("f"), asks("f")], imported)
    add_part("s.py", {}, [asks("f", "g")], imported)
    assert [str(item) for item in imported.left] == [
        "q.py: case: its success message has no counterpart",
        "q.py: case: `color` has no counterpart here",
        "q.py: case: it tests nothing",
        "q.py: cases worth 0.333 could not be converted: their points went to its others",
        "q.py: its points were rounded to 0.67",
        "r.py: case: it is worth 0 points, and here each case counts",
        "s.py: its points are split evenly among f, g, and each of them is all or nothing",
    ]
    with pytest.raises(NotPlainError, match="1 cases and 2 points"):
        add_part("t.py", {"points": [1, 2]}, [asks("f")], imported)
