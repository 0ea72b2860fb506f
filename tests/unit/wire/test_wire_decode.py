from __future__ import annotations

import struct
import tracemalloc
from typing import Any

import numpy as np
import pytest

from grader.wire import MAX_BYTES, Opaque, WireError, decode, encode
from grader.wire.layout import DTYPES, LENGTH, MAX_AXES, MAX_DEPTH, MAX_INTEGER_BYTES, MAX_ITEMS


def array(code: str, shape: tuple[int, ...], entries: bytes = b"") -> bytes:
    return (
        b"a"
        + bytes((ord(code), len(shape)))
        + b"".join(length.to_bytes(8, "little") for length in shape)
        + entries
    )


def sized(tag: bytes, content: bytes) -> bytes:
    return tag + LENGTH.pack(len(content)) + content


def refused(payload: bytes) -> str:
    with pytest.raises(WireError) as caught:
        decode(payload)
    return str(caught.value)


@pytest.mark.parametrize(
    "payload", [b"", b"i", b"d" + bytes(7), b"c" + bytes(15), b"s", b"l\1\0", b"a", b"ad", b"g"]
)
def test_what_breaks_off_is_refused(payload: bytes) -> None:
    assert refused(payload) == "it ends within a value"


@pytest.mark.parametrize("payload", [b"s" + LENGTH.pack(1), b"ad\0", b"gd" + bytes(7)])
def test_content_that_breaks_off_is_refused(payload: bytes) -> None:
    assert "bytes announced, " in refused(payload)


def test_every_prefix_of_a_value_is_refused() -> None:
    payload = encode({"a": [1, 2.5, 1j, "x", b"y", (None, True, 1 << 70)], "b": np.eye(2), "c": np.int8(3)})
    for length in range(len(payload)):
        refused(payload[:length])


@pytest.mark.parametrize("tail", [b"N", b"\0", b"\xff" * 100])
def test_what_follows_the_value_is_refused(tail: bytes) -> None:
    assert refused(b"N" + tail) == f"{len(tail)} bytes follow the value"


def test_unknown_tags_are_refused() -> None:
    for tag in set(range(256)) - set(b"NTFiIdcsbltmago"):
        assert refused(bytes((tag,)) + bytes(100)).startswith("unknown tag")


def test_unknown_array_types_are_refused() -> None:
    for code in set(range(256)) - set(DTYPES):
        for payload in (b"a" + bytes((code, 0)) + bytes(16), b"g" + bytes((code,)) + bytes(16)):
            assert refused(payload) == f"unknown type code {code}"


def test_a_payload_longer_than_the_bound_is_not_looked_at() -> None:
    assert refused(bytes(MAX_BYTES + 1)) == f"{MAX_BYTES + 1} bytes; at most {MAX_BYTES} are allowed"


@pytest.mark.parametrize("tag", [b"s", b"b", b"o"])
def test_a_length_without_its_content_is_refused(tag: bytes) -> None:
    assert refused(tag + b"\xff\xff\xff\xff" + b"x") == "4294967295 bytes announced, 1 left"


@pytest.mark.parametrize("tag", [b"l", b"t", b"m"])
def test_a_count_without_its_items_is_refused_before_anything_is_allocated(tag: bytes) -> None:
    assert "items announced, 3 bytes" in refused(tag + LENGTH.pack(4) + b"NNN")
    assert "items announced, 0 bytes" in refused(tag + b"\xff\xff\xff\xff")


def test_items_are_bounded_in_all_together() -> None:
    most = b"l" + LENGTH.pack(MAX_ITEMS - 1) + b"N" * (MAX_ITEMS - 1)
    assert len(decode(most)) == MAX_ITEMS - 1
    assert "items left" in refused(b"l" + LENGTH.pack(MAX_ITEMS) + b"N" * MAX_ITEMS)
    half = b"l" + LENGTH.pack(MAX_ITEMS // 2) + b"N" * (MAX_ITEMS // 2)
    assert "items left" in refused(b"l" + LENGTH.pack(2) + half + half)


def test_items_of_nested_lists_that_each_keep_their_count_are_bounded() -> None:
    # The inner lists' counts are honest one by one; the last item is one too many.
    inner = b"l" + LENGTH.pack(MAX_ITEMS - 3) + b"N" * (MAX_ITEMS - 3)
    assert f"and {MAX_ITEMS - 4} items left" in refused(b"l" + LENGTH.pack(3) + inner + b"NN")


@pytest.mark.parametrize("tag", [b"l", b"t"])
def test_depth_is_bounded(tag: bytes) -> None:
    one = tag + LENGTH.pack(1)
    assert decode(one * MAX_DEPTH + b"N") is not None
    assert refused(one * (MAX_DEPTH + 1) + b"N") == f"nested more than {MAX_DEPTH} deep"
    assert refused(one * 100_000 + b"N") == f"nested more than {MAX_DEPTH} deep"


def test_depth_of_mappings_is_bounded() -> None:
    one = b"m" + LENGTH.pack(1) + sized(b"s", b"k")
    assert refused(one * (MAX_DEPTH + 1) + b"N") == f"nested more than {MAX_DEPTH} deep"


def test_keys_are_text() -> None:
    for key in (b"N", b"i" + bytes(8), b"l" + bytes(4), sized(b"b", b"k")):
        assert refused(b"m" + LENGTH.pack(1) + key + b"N" * 8) == "a mapping's key is not text"


def test_a_key_stands_once() -> None:
    key = sized(b"s", b"k") + b"N"
    assert refused(b"m" + LENGTH.pack(2) + key + key) == "a mapping has a key twice"


def test_keys_that_are_the_same_when_repaired_stand_once() -> None:
    keys = sized(b"s", b"\xff") + b"N" + sized(b"s", b"\xfe") + b"N"
    assert refused(b"m" + LENGTH.pack(2) + keys) == "a mapping has a key twice"


@pytest.mark.parametrize("content", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80"])
def test_text_that_is_no_utf8_is_repaired_and_can_be_printed(content: bytes) -> None:
    text = decode(sized(b"s", content))
    assert set(text) == {"\ufffd"}
    assert text.encode()


def test_integers() -> None:
    assert decode(b"i" + struct.pack("<q", -5)) == -5
    assert decode(sized(b"I", b"")) == 0
    assert decode(sized(b"I", b"\xff" * MAX_INTEGER_BYTES)) == -1
    assert decode(sized(b"I", b"\x7f" * MAX_INTEGER_BYTES)).bit_length() == 8 * MAX_INTEGER_BYTES - 1
    assert refused(sized(b"I", bytes(MAX_INTEGER_BYTES + 1))) == f"an integer of {MAX_INTEGER_BYTES + 1} bytes"


def test_the_name_of_an_opaque_value_is_short() -> None:
    assert decode(sized(b"o", b"x" * 1000)) == Opaque("x" * 200)


def test_axes_are_bounded() -> None:
    assert decode(array("b", (1,) * MAX_AXES, b"\1")).ndim == MAX_AXES
    assert refused(array("b", (1,) * (MAX_AXES + 1), b"\1")) == f"an array with {MAX_AXES + 1} axes"


@pytest.mark.parametrize(
    "shape",
    [
        (1 << 63,),
        ((1 << 64) - 1,) * MAX_AXES,
        # Products that are small again modulo 2**64.
        (1 << 32, 1 << 32),
        (1 << 63, 2),
        ((1 << 64) - 1, (1 << 64) - 1),
        # No entries, yet numpy could not stride over the other axes.
        (0, 1 << 40),
        (0, 1 << 63, 1 << 63),
        (1 << 40, 0),
    ],
)
@pytest.mark.parametrize("code", ["?", "d"])
def test_huge_shapes_are_refused(shape: tuple[int, ...], code: str) -> None:
    assert refused(array(code, shape, bytes(16))).startswith("an array of shape")


def test_a_shape_is_checked_against_the_entries_present() -> None:
    assert refused(array("d", (3,), bytes(16))) == "24 bytes announced, 16 left"
    assert refused(array("d", (2,), bytes(24))) == "8 bytes follow the value"
    assert refused(array("d", (0, 5), bytes(8))) == "8 bytes follow the value"


@pytest.mark.parametrize("code", [chr(code) for code in DTYPES])
@pytest.mark.parametrize("shape", [(0,), (0, 5), (5, 0, 2)])
def test_arrays_without_entries(code: str, shape: tuple[int, ...]) -> None:
    got = decode(array(code, shape))
    assert got.shape == shape
    assert got.dtype == np.dtype(code)


def test_boolean_bytes_other_than_0_and_1_are_true() -> None:
    got = decode(array("?", (4,), b"\0\1\2\xff"))
    assert got.tolist() == [False, True, True, True]
    assert got.view(np.uint8).tolist() == [0, 1, 1, 1]
    scalar = decode(b"g?\x02")
    assert type(scalar) is np.bool_
    assert int(scalar) == 1


@pytest.mark.parametrize("value", [np.array([True, False]), np.array([1.5, 2]), np.array(3), np.zeros((0, 2))])
def test_arrays_are_read_only_unless_asked_for(value: np.ndarray[Any, Any]) -> None:
    content = encode(value)
    assert not decode(content).flags.writeable
    own = decode(content, writable=True)
    own[...] = 0
    assert not own.any()
    assert np.array_equal(decode(content), value)


def test_read_only_arrays_cannot_be_changed_into_the_payload() -> None:
    content = encode([np.array([1.5])])
    (got,) = decode(content)
    with pytest.raises(ValueError, match="read-only"):
        got[0] = 2.0


@pytest.mark.parametrize(
    "item", [array("b", (), b"\0"), array("d", (0,) * MAX_AXES), b"g?\1", sized(b"o", b""), b"m" + bytes(4)]
)
def test_the_dearest_items_are_small(item: bytes) -> None:
    count = 2000
    tracemalloc.start()
    got = decode(b"l" + LENGTH.pack(count) + item * count)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(got) == count
    # With MAX_ITEMS of them in a letter, a quarter of a gigabyte at most.
    assert peak < 1200 * count
