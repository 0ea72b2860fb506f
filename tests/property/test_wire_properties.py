from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.wire import FrameReader, Opaque, WireError, decode, encode, frame
from grader.wire.layout import DTYPES

TYPES = st.sampled_from(sorted(dtype.str for dtype in DTYPES.values()))
SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
ARRAYS = TYPES.flatmap(lambda dtype: hnp.arrays(dtype, SHAPES))
SCALARS = TYPES.flatmap(lambda dtype: hnp.arrays(dtype, (1,))).map(lambda array: array[0])
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(1 << 2000), 1 << 2000),
    st.floats(),
    st.complex_numbers(),
    TEXT,
    st.binary(max_size=20),
    st.builds(Opaque, TEXT),
    ARRAYS,
    SCALARS,
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(TEXT, inner, max_size=4),
    ),
    max_leaves=12,
)
# Bytes that look like a letter get further than random ones.
PIECES = st.one_of(
    st.sampled_from([bytes((byte,)) for byte in b"NTFiIdcsbltmago"]),
    st.integers(0, 5).map(lambda count: count.to_bytes(4, "little")),
    st.sampled_from([b"\xff" * 4, b"\xff" * 8, bytes(8), bytes(16), b"\1" + bytes(7), b"\0\0\0\0\1\0\0\0"]),
    st.sampled_from([bytes((code, axes)) for code in DTYPES for axes in (0, 1, 2, 17)]),
    st.binary(max_size=9),
)


def alike(one: Any, other: Any) -> bool:
    """Whether two values are of the same kinds and bits."""
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(alike, one.values(), other.values()))
    if isinstance(one, (np.ndarray, np.generic)):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(one, (float, complex)):
        return encode(one) == encode(other)
    return bool(one == other)


def value_or_error(payload: bytes, *, writable: bool = False) -> Any:
    """Decode; nothing but a value, whose size the payload's bounds, or a `WireError` may come of it."""
    try:
        value = decode(payload, writable=writable)
    except WireError as error:
        assert len(str(error)) < 1000  # noqa: PT017  (any bytes may be a value)
        return error
    # What was accepted is a value like others: it can be sent on, in the same number of bytes or, where text was
    # repaired, three times as many.
    assert len(encode(value)) <= 3 * len(payload) + 16
    return value


@given(VALUES, st.booleans())
def test_every_value_comes_back_bit_by_bit(value: Any, writable: bool) -> None:
    assert alike(decode(encode(value), writable=writable), value)


@given(VALUES)
def test_encoding_is_a_function_of_the_value(value: Any) -> None:
    content = encode(value)
    assert encode(decode(content)) == encode(decode(content, writable=True)) == content


@given(ARRAYS)
def test_any_layout_in_memory_is_the_same_array(array: np.ndarray[Any, Any]) -> None:
    reversed_axes = array.T
    assert np.array_equal(decode(encode(reversed_axes)), reversed_axes, equal_nan=array.dtype.kind in "fc")
    assert encode(array.copy(order="F")) == encode(array)
    assert encode(array.astype(array.dtype.newbyteorder(">"))) == encode(array)


@given(VALUES, st.data())
def test_cut_letters_are_refused(value: Any, data: st.DataObject) -> None:
    content = encode(value)
    length = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(WireError):
        decode(content[:length])
    with pytest.raises(WireError):
        decode(content + content[:length] + b"N")


@given(VALUES, st.lists(st.tuples(st.integers(0), st.integers(0, 255)), min_size=1, max_size=4), st.booleans())
def test_changed_letters_are_values_or_refused(value: Any, changes: list[tuple[int, int]], writable: bool) -> None:
    content = bytearray(encode(value))
    for position, byte in changes:
        content[position % len(content)] = byte
    value_or_error(bytes(content), writable=writable)


@given(VALUES, VALUES, st.data())
def test_spliced_letters_are_values_or_refused(one: Any, other: Any, data: st.DataObject) -> None:
    first, second = encode(one), encode(other)
    start = data.draw(st.integers(0, len(first)))
    value_or_error(first[:start] + second + first[data.draw(st.integers(start, len(first))) :])


@given(st.binary(max_size=200))
@example(b"")
def test_any_bytes_are_a_value_or_refused(payload: bytes) -> None:
    value_or_error(payload)


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=20).map(b"".join), st.booleans())
@example(b"a?\2" + bytes(8) + b"\xff" * 8, False)
@example(b"ad\2" + b"\0\0\0\0\1\0\0\0" * 2, False)
@example(b"m\2\0\0\0s\0\0\0\0Ns\0\0\0\0N", False)
@example(b"l\xff\xff\xff\xff", False)
def test_any_well_shaped_bytes_are_a_value_or_refused(payload: bytes, writable: bool) -> None:
    value_or_error(payload, writable=writable)


@given(st.text())
def test_any_text_arrives_as_text_that_can_be_written(text: str) -> None:
    got = decode(encode(text))
    assert got.encode().decode() == got
    assert len(got) == len(text)


@given(st.dictionaries(st.one_of(st.text(max_size=3), st.integers(), st.none()), st.integers(), max_size=5))
def test_any_dict_arrives_as_it_was_or_as_an_opaque_value(mapping: dict[Any, int]) -> None:
    got = decode(encode(mapping))
    assert isinstance(got, Opaque) or list(got.items()) == list(mapping.items())


@given(st.lists(st.binary(max_size=30), max_size=6), st.lists(st.integers(1, 40), min_size=1, max_size=40))
def test_frames_are_cut_at_their_own_borders_wherever_the_chunks_end(
    payloads: list[bytes], sizes: list[int]
) -> None:
    stream = b"".join(map(frame, payloads))
    reader, got, position, turn = FrameReader(), [], 0, 0
    while position < len(stream):
        size = sizes[turn % len(sizes)]
        got += reader.feed(stream[position : position + size])
        position, turn = position + size, turn + 1
        assert got == payloads[: len(got)]
    assert got == payloads
    assert not reader.pending


@given(st.lists(st.binary(max_size=40), max_size=12), st.integers(0, 30))
def test_any_stream_gives_frames_within_the_bound_or_is_refused(chunks: list[bytes], bound: int) -> None:
    reader, taken = FrameReader(bound), 0
    try:
        for chunk in chunks:
            for payload in reader.feed(chunk):
                assert len(payload) <= bound
                taken += 4 + len(payload)
    except WireError as error:
        assert f"at most {bound} are allowed" in str(error)  # noqa: PT017  (any stream may be fine)
        return
    assert reader.pending == (taken < sum(map(len, chunks)))
