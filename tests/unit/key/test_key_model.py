from __future__ import annotations

import dataclasses
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_rubric import answer, tiny

from grader.judge.checks import Equals, Variant
from grader.key import Expectation, Key, load_key
from grader.records import RecordError, dump
from grader.wire import encode

# Pinned: every version of Python and of numpy must make this key.
DIGEST = "9bd9064c7912640717572c6f3e9768278431690f887d0339b80a37387185f7e3"


def test_a_key_is_read_back_as_it_was_written() -> None:
    _, key = tiny()
    again = load_key(key.dump())
    assert again.dump() == key.dump()
    assert again.digest == key.digest
    assert again.shape_credit == key.shape_credit
    assert [item.case for item in again.expectations] == [item.case for item in key.expectations]
    first, *_, last = [item.expectations for item in (again, key)]
    assert encode(answer(first[0])) == encode(answer(last[0]))


def test_the_digest_is_pinned_and_the_same_in_another_process() -> None:
    program = "import sys; sys.path.insert(0, sys.argv[1]); from small_rubric import tiny; print(tiny()[1].digest)"
    command = [sys.executable, "-c", program, str(Path(__file__).parent)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert tiny()[1].digest == shown.stdout.strip() == DIGEST


def key_of(value: object, **changes: Any) -> Key:
    checks = (Equals((Variant("", value),)),)
    item = Expectation("1A/f/1", checks, "return", 1e-6, 1e-9, nonfinite=False, hint="")
    return Key("plan", "reference", Fraction(0), (dataclasses.replace(item, **changes),))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.1 + 0.2, 0.3),
        (1e-17, 0.0),
        (-0.0, 0.0),
        (np.float64(1.5), 1.5),
        (np.float32(1.5), 1.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (1 + 1e-17j, 1 + 0j),
        (np.complex128(2j), 2j),
        ((1, 2.0), [1, 2.0]),
        (np.array([0.1 + 0.2, 1e-17]), np.array([0.3, 0])),
        (np.array([1j, 1e-17]), np.array([1j, 0])),
        ({"a": [0.1 + 0.2]}, {"a": [0.3]}),
        ({"a": np.array([0.1 + 0.2])}, {"a": np.array([0.3])}),
    ],
    ids=repr,
)
def test_a_float_s_last_bits_and_numpy_s_names_do_not_make_another_key(one: object, other: object) -> None:
    assert key_of(one).digest == key_of(other).digest


def changed(array: Any) -> Any:
    array[1000] = 1
    return array


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (1, 1.0),
        (1, True),
        (1.0, 1.000002),
        (1e-8, 0.0),
        ("1", 1),
        (b"a", "a"),
        (float("nan"), float("inf")),
        (1 + 1j, 1 - 1j),
        (np.zeros(2), np.zeros((2, 1))),
        (np.zeros(2), np.zeros(2, int)),
        (np.zeros(2), np.zeros(2, complex)),
        (np.zeros(5000), changed(np.zeros(5000))),
        ([1, [2]], [[1], 2]),
        ({"a": 1}, {"b": 1}),
        ({"a": np.zeros(5000)}, {"a": changed(np.zeros(5000))}),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_another_answer_makes_another_key(one: object, other: object) -> None:
    assert key_of(one).digest != key_of(other).digest


@pytest.mark.parametrize(
    "change",
    [
        {"rtol": 1e-5},
        {"atol": 0.0},
        {"nonfinite": True},
        {"hint": "x"},
        {"observe": ("x",)},
        {"observe": "printed"},
        {"checks": ()},
        {"case": "y"},
    ],
)
def test_everything_that_decides_a_mark_is_in_the_digest(change: dict[str, Any]) -> None:
    key = key_of(1.0)
    assert key_of(1.0, **change).digest != key.digest
    assert dataclasses.replace(key, plan_digest="x").digest != key.digest
    assert dataclasses.replace(key, reference_digest="x").digest != key.digest
    assert dataclasses.replace(key, shape_credit=Fraction(1, 2)).digest != key.digest


def test_what_is_no_key_is_refused() -> None:
    plan, key = tiny()
    for content in (
        b"",
        b"grader key 3\nN",
        b"grader key 1\nN",
        b"grader key 2\n",
        plan.dump(),
        key.dump()[:-1],
        key.dump() + b"N",
    ):
        with pytest.raises(RecordError):
            load_key(content)
    with pytest.raises(RecordError, match="it holds no key"):
        load_key(dump(key.expectations[0], b"grader key 2\n"))
