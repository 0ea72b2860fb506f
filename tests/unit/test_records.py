from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.records import RecordError, dump, load
from grader.wire import Opaque, encode

MAGIC = b"test 1\n"


@dataclass(frozen=True)
class Leaf:
    value: Any


@dataclass(frozen=True)
class Tree:
    name: str
    leaves: tuple[Leaf, ...]
    share: Fraction = Fraction(1, 3)


def again(record: object) -> Any:
    return load(dump(record, MAGIC), (Leaf, Tree), MAGIC)


def refused(content: bytes) -> str:
    with pytest.raises(RecordError) as caught:
        load(content, (Leaf, Tree), MAGIC)
    return str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -3,
        1 << 70,
        2.5,
        "text",
        b"bytes",
        [],
        (1, [2, (3,)]),
        {},
        {"a": {"b": 1}},
        Fraction(-2, 7),
        Fraction(1, 10**300),
        Opaque("set"),
        Leaf((Leaf(1), {"x": Leaf(2)})),
    ],
)
def test_what_was_written_is_read(value: object) -> None:
    got = again(Leaf(value))
    assert got == Leaf(value)
    assert type(got.value) is type(value)


def test_records_in_records_keep_their_classes() -> None:
    tree = Tree("t", (Leaf(1), Leaf({"deep": (Leaf(2),)})), Fraction(5, 2))
    assert again(tree) == tree


def test_arrays_are_read_back_read_only() -> None:
    got = again(Leaf(np.array([[1.5, np.nan]], np.float32)))
    assert got.value.dtype == np.float32
    assert np.array_equal(got.value, [[1.5, np.nan]], equal_nan=True)
    assert not got.value.flags.writeable


@pytest.mark.parametrize(
    "data",
    [
        {"@": "Leaf", "value": 1},
        {"@": "Fraction", "n": 1, "d": 0},
        {"@": ""},
        {"@": "", "items": {}},
        {"items": {"@": "Leaf"}},
    ],
)
def test_data_is_never_mistaken_for_a_record(data: dict[str, Any]) -> None:
    assert again(Leaf(data)) == Leaf(data)


def test_the_same_record_gives_the_same_bytes() -> None:
    tree = Tree("t", (Leaf(np.arange(3)),))
    assert dump(tree, MAGIC) == dump(Tree("t", (Leaf(np.arange(3)),)), MAGIC) != dump(Tree("u", ()), MAGIC)


def test_what_is_too_large_is_not_written() -> None:
    with pytest.raises(RecordError, match=r"too large: .* more than 16777216 bytes"):
        dump(Leaf([bytes(9 << 20), bytes(9 << 20)]), MAGIC)
    deep: Any = 0
    for _ in range(30):
        deep = (deep,)
    with pytest.raises(RecordError, match="nested"):
        dump(Leaf(deep), MAGIC)


def test_a_file_of_another_kind_or_version_is_refused() -> None:
    content = dump(Leaf(1), b"test 2\n")
    assert refused(content) == "this file does not start with b'test 1\\n'"
    assert "does not start" in refused(b"")
    assert "does not start" in refused(MAGIC[:-1])


def test_a_class_that_was_not_asked_for_is_refused() -> None:
    with pytest.raises(RecordError, match="damaged: 'Tree'"):
        load(dump(Tree("t", ()), MAGIC), (Leaf,), MAGIC)


@pytest.mark.parametrize(
    "value",
    [
        {"no class": 1},
        {"@": "Nobody"},
        {"@": "Leaf"},
        {"@": "Leaf", "value": 1, "other": 2},
        {"@": ""},
        {"@": "", "items": [1]},
        {"@": "", "items": None},
        {"@": [1]},
        {"@": np.zeros(3)},
        {"@": None},
        {"@": "Fraction"},
        {"@": "Fraction", "n": 1, "d": 0},
        {"@": "Fraction", "n": 1.5, "d": 2},
        {"@": "Fraction", "n": float("inf"), "d": None},
        {"@": "Fraction", "n": "1/0", "d": None},
        {"@": "Fraction", "n": Opaque("int"), "d": 1},
        {"@": "Leaf", "value": [{"x": 1}]},
    ],
)
def test_damaged_content_is_refused(value: object) -> None:
    assert refused(MAGIC + encode(value)).startswith("this file is damaged: ")


def test_every_cut_is_refused() -> None:
    content = dump(Tree("t", (Leaf(1), Leaf({"a": 2.5}))), MAGIC)
    for length in range(len(content)):
        refused(content[:length])
    assert "follow the value" in refused(content + b"N")
