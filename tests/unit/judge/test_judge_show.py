from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from grader.judge.show import number, pair, place, show
from grader.wire import Opaque


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.0"),
        (0.1, "0.1"),
        (1 / 3, "0.333333"),
        (1e6, "1e+06"),
        (123456.0, "123456.0"),
        (-0.0, "-0.0"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (64, "64"),
        (True, "True"),
        (None, "None"),
        ("full", "'full'"),
        ("a\nb", r"'a\nb'"),
        (b"\x00", r"b'\x00'"),
        (1 + 2j, "(1.0+2j)"),
        (complex(0.5, float("nan")), "(0.5+nanj)"),
        (np.float32(0.1), "0.1"),
        (np.int8(-3), "-3"),
        (np.bool_(True), "True"),
        (np.array(2.5), "2.5"),
        (np.array([[1.0, 2.0], [3.0, 4.5]]), "[[1.0, 2.0], [3.0, 4.5]]"),
        (np.zeros((0, 3)), "[]"),
        ([], "[]"),
        ((), "()"),
        ((1,), "(1,)"),
        ((1, [2.0, (3,)]), "(1, [2.0, (3,)])"),
        ({"a": 1, "b": [2.0]}, "{'a': 1, 'b': [2.0]}"),
        ({}, "{}"),
        (Opaque("submission.Thing"), "<submission.Thing>"),
        (2**200 - 1, str(2**200 - 1)),
        (2**200, "<integer of 201 bits>"),
        (-(10**1000), "<integer of 3322 bits>"),
    ],
)
def test_values_read_as_python_writes_them(value: Any, text: str) -> None:
    assert show(value) == text


@pytest.mark.parametrize(
    "value",
    [
        "x" * 5_000_000,
        b"x" * 5_000_000,
        [0.5] * 199_000,
        [[[0.5] * 20] * 20] * 400,
        [[[[]] * 30] * 30] * 200,
        {str(number): number for number in range(199_000)},
        {"k" * 5_000_000: 1},
        np.zeros((1000, 1000)),
        [np.zeros(1000)] * 1000,
        Opaque("t" * 200),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("limit", [20, 120, 400])
def test_long_values_are_cut_and_say_so(value: Any, limit: int) -> None:
    if isinstance(value, Opaque) and limit == 400:
        assert show(value, limit) == f"<{'t' * 200}>"
        return
    text = show(value, limit)
    assert len(text) == limit
    assert text.endswith("…")


@pytest.mark.parametrize("length", range(1, 40))
def test_a_value_that_fits_is_whole(length: int) -> None:
    # At every length around the limit: either all of it, or a cut that shows.
    value = list(range(length))
    whole = repr(value)
    shown = show(value, 40)
    assert shown == whole if len(whole) <= 40 else shown == whole[:39] + "…"


def test_only_what_is_read_is_written_out() -> None:
    value = [[[0.5] * 20] * 20] * 400
    started = time.process_time()
    for _ in range(20):
        show(value, 400)
    # Writing out all 160,000 entries takes 0.15 s each time.
    assert time.process_time() - started < 1


def test_the_first_entries_of_a_large_array_are_shown() -> None:
    assert show(np.arange(1000.0), 30) == "[0.0, 1.0, 2.0, 3.0, 4.0, 5.0…"


@pytest.mark.parametrize(
    ("value", "text"), [(2.0, "2.0"), (1e-12, "1e-12"), (1234567.0, "1.23457e+06"), (float("inf"), "inf")]
)
def test_a_float_looks_like_one(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("expected", "got", "texts"),
    [
        (1.0, 2.0, ("1.0", "2.0")),
        (1.0, 1.0000001, ("1.0", "1.0000001")),
        (1 + 0j, 1.0000001 + 0j, ("(1+0j)", "(1.0000001+0j)")),
        (7, 8, ("7", "8")),
    ],
)
def test_a_pair_has_the_digits_that_tell_it_apart(expected: Any, got: Any, texts: tuple[str, str]) -> None:
    assert pair(expected, got) == texts


def test_a_place_is_written_as_an_index() -> None:
    assert place((3,)) == "[3]"
    assert place((1, 2)) == "[1, 2]"
