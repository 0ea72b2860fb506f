"""Bytes from a hostile peer to values, or a `WireError`."""

from __future__ import annotations

import struct
from typing import Any, Final

import numpy as np

from grader.wire.layout import (
    COMPLEX,
    DTYPES,
    FLOAT,
    INT,
    LENGTH,
    MAX_AXES,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_INTEGER_BYTES,
    MAX_ITEMS,
    NATIVE,
    SHAPES,
    Opaque,
    Value,
    WireError,
)


def decode(payload: bytes, *, writable: bool = False) -> Value:
    """Return the value that `payload` holds.

    Args:
        payload: the content of one frame.
        writable: make arrays that own their memory and may be changed; otherwise they are read-only.

    Raises:
        WireError: the bytes break one of the rules at the top of this file.
    """
    if len(payload) > MAX_BYTES:
        raise WireError(f"{len(payload)} bytes; at most {MAX_BYTES} are allowed")
    try:
        value, end = _Reader(payload, writable=writable).read(0, 0)
    except (IndexError, struct.error) as error:
        raise WireError("it ends within a value") from error
    if end < len(payload):
        raise WireError(f"{len(payload) - end} bytes follow the value")
    return value


class _Reader:
    """Reads values out of one payload: each method is given where a body begins, and says where it ends.

    A letter is decoded for each answer of each submission, so this is written for speed: what would run past the
    end raises IndexError or struct.error, except where bytes are cut, which is checked.
    """

    __slots__ = ("_items", "_payload", "_size", "_writable")

    def __init__(self, payload: bytes, *, writable: bool) -> None:
        self._payload = payload
        self._size = len(payload)
        self._items = MAX_ITEMS - 1
        self._writable = writable

    def read(self, at: int, depth: int) -> tuple[Value, int]:
        return _READERS[self._payload[at]](self, at + 1, depth)

    def _cut(self, at: int, count: int) -> bytes:
        if count > self._size - at:
            raise WireError(f"{count} bytes announced, {self._size - at} left")
        return self._payload[at : at + count]

    def _sized(self, at: int) -> tuple[bytes, int]:
        (count,) = LENGTH.unpack_from(self._payload, at)
        at += LENGTH.size
        return self._cut(at, count), at + count

    def read_unknown(self, at: int, _depth: int) -> tuple[Value, int]:
        raise WireError(f"unknown tag {self._payload[at - 1 : at]!r}")

    def read_none(self, at: int, _depth: int) -> tuple[Value, int]:
        return None, at

    def read_true(self, at: int, _depth: int) -> tuple[Value, int]:
        return True, at

    def read_false(self, at: int, _depth: int) -> tuple[Value, int]:
        return False, at

    def read_float(self, at: int, _depth: int) -> tuple[Value, int]:
        return FLOAT.unpack_from(self._payload, at)[0], at + FLOAT.size

    def read_complex(self, at: int, _depth: int) -> tuple[Value, int]:
        return complex(*COMPLEX.unpack_from(self._payload, at)), at + COMPLEX.size

    def read_int(self, at: int, _depth: int) -> tuple[Value, int]:
        return INT.unpack_from(self._payload, at)[0], at + INT.size

    def read_long_int(self, at: int, _depth: int) -> tuple[Value, int]:
        content, at = self._sized(at)
        if len(content) > MAX_INTEGER_BYTES:
            raise WireError(f"an integer of {len(content)} bytes")
        return int.from_bytes(content, "little", signed=True), at

    def read_text(self, at: int, _depth: int) -> tuple[str, int]:
        content, at = self._sized(at)
        return content.decode("utf-8", "replace"), at

    def read_bytes(self, at: int, _depth: int) -> tuple[Value, int]:
        return self._sized(at)

    def read_opaque(self, at: int, depth: int) -> tuple[Value, int]:
        text, at = self.read_text(at, depth)
        return Opaque(text[:200]), at

    def _announced(self, at: int, depth: int) -> int:
        """Return how many items a collection has, if there can be as many."""
        (count,) = LENGTH.unpack_from(self._payload, at)
        left = self._size - at - LENGTH.size
        if count > left or count > self._items:
            raise WireError(f"{count} items announced, {left} bytes and {self._items} items left")
        if count and depth == MAX_DEPTH:
            raise WireError(f"nested more than {MAX_DEPTH} deep")
        self._items -= count
        return int(count)

    def read_list(self, at: int, depth: int) -> tuple[list[Value], int]:
        count = self._announced(at, depth)
        at += LENGTH.size
        payload, items = self._payload, []
        for _ in range(count):
            item, at = _READERS[payload[at]](self, at + 1, depth + 1)
            items.append(item)
        return items, at

    def read_tuple(self, at: int, depth: int) -> tuple[Value, int]:
        items, at = self.read_list(at, depth)
        return tuple(items), at

    def read_mapping(self, at: int, depth: int) -> tuple[Value, int]:
        count = self._announced(at, depth)
        at += LENGTH.size
        mapping: dict[str, Value] = {}
        for _ in range(count):
            if self._payload[at] != _TEXT:
                raise WireError("a mapping's key is not text")
            key, at = self.read_text(at + 1, depth)
            if key in mapping:
                raise WireError("a mapping has a key twice")
            mapping[key], at = self.read(at, depth + 1)
        return mapping, at

    def _dtype(self, at: int) -> np.dtype[Any]:
        dtype = DTYPES.get(self._payload[at])
        if dtype is None:
            raise WireError(f"unknown type code {self._payload[at]}")
        return dtype

    def read_array(self, at: int, _depth: int) -> tuple[Value, int]:
        dtype = self._dtype(at)
        axes = self._payload[at + 1]
        if axes > MAX_AXES:
            raise WireError(f"an array with {axes} axes")
        shape = SHAPES[axes].unpack_from(self._payload, at + 2)
        at += 2 + SHAPES[axes].size
        extent = dtype.itemsize
        for length in shape:
            extent *= length or 1
        if extent > MAX_BYTES:
            raise WireError(f"an array of shape {list(shape)}")
        size = 0 if 0 in shape else extent
        return self._entries(dtype, shape, self._cut(at, size)), at + size

    def read_scalar(self, at: int, _depth: int) -> tuple[Value, int]:
        dtype = self._dtype(at)
        end = at + 1 + dtype.itemsize
        return self._entries(dtype, (), self._cut(at + 1, dtype.itemsize))[()], end

    def _entries(self, dtype: np.dtype[Any], shape: tuple[int, ...], content: bytes) -> np.ndarray[Any, Any]:
        if dtype.kind == "b":
            # A byte other than 0 and 1 in a boolean array makes numpy contradict itself.
            entries = np.asarray(np.ndarray(shape, np.uint8, content) != 0)
            entries.flags.writeable = self._writable
            return entries
        # Of a slice and not of the payload itself: its entries begin where arrays' entries do.
        return np.ndarray(shape, dtype, content).astype(NATIVE[dtype], copy=self._writable)


_TEXT: Final = ord("s")
_BY_TAG: Final = {
    b"N": _Reader.read_none,
    b"T": _Reader.read_true,
    b"F": _Reader.read_false,
    b"d": _Reader.read_float,
    b"c": _Reader.read_complex,
    b"i": _Reader.read_int,
    b"I": _Reader.read_long_int,
    b"s": _Reader.read_text,
    b"b": _Reader.read_bytes,
    b"o": _Reader.read_opaque,
    b"l": _Reader.read_list,
    b"t": _Reader.read_tuple,
    b"m": _Reader.read_mapping,
    b"a": _Reader.read_array,
    b"g": _Reader.read_scalar,
}
_READERS: Final = [_BY_TAG.get(bytes((tag,)), _Reader.read_unknown) for tag in range(256)]
