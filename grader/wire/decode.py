"""Bytes from a hostile peer to values, or a `WireError`."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.wire.layout import (
    AXIS,
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
    Opaque,
    Value,
    WireError,
)

_CONSTANTS = {b"N": None, b"T": True, b"F": False}


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
    reader = _Reader(payload, writable=writable)
    value = reader.read(0)
    if reader.left:
        raise WireError(f"{reader.left} bytes follow the value")
    return value


class _Reader:
    def __init__(self, payload: bytes, *, writable: bool) -> None:
        self._payload = payload
        self._position = 0
        self._items = MAX_ITEMS
        self._writable = writable

    @property
    def left(self) -> int:
        return len(self._payload) - self._position

    def _take(self, count: int) -> bytes:
        if count > self.left:
            raise WireError(f"{count} bytes announced, {self.left} left")
        start = self._position
        self._position += count
        return self._payload[start : self._position]

    def _count(self) -> int:
        (count,) = LENGTH.unpack(self._take(LENGTH.size))
        return int(count)

    def _text(self) -> str:
        return self._take(self._count()).decode("utf-8", "replace")

    def read(self, depth: int) -> Value:
        self._items -= 1
        if depth > MAX_DEPTH:
            raise WireError(f"nested more than {MAX_DEPTH} deep")
        if self._items < 0:
            raise WireError(f"more than {MAX_ITEMS} items")
        tag = self._take(1)
        if tag in b"ltm":
            return self._collection(tag, depth)
        if tag in b"NTF":
            return _CONSTANTS[tag]
        if tag in b"dciI":
            return self._number(tag)
        return self._atom(tag)

    def _atom(self, tag: bytes) -> Value:
        match tag:
            case b"s":
                return self._text()
            case b"b":
                return self._take(self._count())
            case b"o":
                return Opaque(self._text()[:200])
            case b"a":
                return self._array()
            case b"g":
                dtype = self._dtype()
                return self._entries(dtype, self._take(dtype.itemsize))[0]
        raise WireError(f"unknown tag {tag!r}")

    def _number(self, tag: bytes) -> int | float | complex:
        if tag == b"i":
            return int(INT.unpack(self._take(INT.size))[0])
        if tag == b"d":
            return float(FLOAT.unpack(self._take(FLOAT.size))[0])
        if tag == b"c":
            return complex(*COMPLEX.unpack(self._take(COMPLEX.size)))
        length = self._count()
        if length > MAX_INTEGER_BYTES:
            raise WireError(f"an integer of {length} bytes")
        return int.from_bytes(self._take(length), "little", signed=True)

    def _collection(self, tag: bytes, depth: int) -> Value:
        count = self._count()
        if count > min(self.left, self._items):
            raise WireError(f"{count} items announced, {self.left} bytes and {self._items} items left")
        if tag == b"m":
            return self._mapping(count, depth)
        items = [self.read(depth + 1) for _ in range(count)]
        return tuple(items) if tag == b"t" else items

    def _mapping(self, count: int, depth: int) -> dict[str, Value]:
        mapping: dict[str, Value] = {}
        for _ in range(count):
            if self._take(1) != b"s":
                raise WireError("a mapping's key is not text")
            key = self._text()
            if key in mapping:
                raise WireError("a mapping has a key twice")
            mapping[key] = self.read(depth + 1)
        return mapping

    def _dtype(self) -> np.dtype[Any]:
        (code,) = self._take(1)
        if code not in DTYPES:
            raise WireError(f"unknown type code {code}")
        return DTYPES[code]

    def _array(self) -> np.ndarray[Any, Any]:
        dtype = self._dtype()
        (axes,) = self._take(1)
        if axes > MAX_AXES:
            raise WireError(f"an array with {axes} axes")
        shape = [int(AXIS.unpack(self._take(AXIS.size))[0]) for _ in range(axes)]
        extent = dtype.itemsize
        for length in shape:
            extent *= length or 1
        if extent > MAX_BYTES:
            raise WireError(f"an array of shape {shape}")
        size = 0 if 0 in shape else extent
        return self._entries(dtype, self._take(size)).reshape(shape)

    def _entries(self, dtype: np.dtype[Any], content: bytes) -> np.ndarray[Any, Any]:
        entries: np.ndarray[Any, Any]
        if dtype.kind == "b":
            # A byte other than 0 and 1 in a boolean array makes numpy contradict itself.
            entries = np.frombuffer(content, np.uint8) != 0
            entries.flags.writeable = self._writable
        else:
            entries = np.frombuffer(content, dtype).astype(dtype.newbyteorder("="), copy=self._writable)
        return entries
