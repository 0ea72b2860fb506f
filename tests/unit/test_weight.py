from __future__ import annotations

import numpy as np
import pytest

from grader.weight import ROOM, SMALL, holds_object, weight
from grader.wire import Opaque, Value


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        (None, 1, 100),
        (3.5, 1, 100),
        ("x" * 1000, 1000, 1200),
        (b"x" * 1000, 1000, 1200),
        (np.zeros(1000), 8000, 8400),
        (np.broadcast_to(1.0, (1000, 10)), 80_000, 81_000),
        ([np.zeros(1000)] * 3, 24_000, 25_200),
        ((np.zeros(1000), "y" * 500), 8500, 9000),
        ({"a": np.zeros(1000), "b" * 1000: 1}, 9000, 10_000),
        ([[[b"x" * 100] * 10] * 10] * 10, 100_000, 200_000),
    ],
    ids=lambda value: type(value).__name__,
)
def test_it_is_about_what_a_value_takes(value: Value, least: int, most: int) -> None:
    assert least <= weight(value) <= most


def test_a_large_answer_is_less_than_all_may_take_together() -> None:
    assert 0 < SMALL < ROOM


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        (3.5, False),
        (np.zeros(3), False),
        ([1, (2, "three"), {"four": [5]}], False),
        (Opaque("module"), True),
        ([1, Opaque("module")], True),
        ((1, [2, (Opaque("module"),)]), True),
        ({"a": {"b": [Opaque("module")]}}, True),
    ],
    ids=str,
)
def test_what_can_be_named_and_not_sent_is_found_at_any_depth(value: Value, holds: bool) -> None:
    assert holds_object(value) is holds
