"""Values to bytes, wherever the value is."""

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

_CODES = {dtype.newbyteorder("="): code for code, dtype in DTYPES.items()}
# Their layout differs between machines; the next narrower type holds what a tolerance can tell.
_NARROWED: dict[np.dtype[Any], np.dtype[Any]] = {
    np.dtype(np.longdouble): np.dtype("d"),
    np.dtype(np.clongdouble): np.dtype("D"),
}


def encode(value: Value) -> bytes:
    """Return `value` as bytes.

    Subclasses of ndarray and of the plain types travel as their base. A value of any other type, or one with
    masked entries, travels as `Opaque`.

    Raises:
        WireError: the value is too deep, too long, or has too many items.
    """
    writer = _Writer()
    writer.write(value, 0)
    return b"".join(writer.chunks)


class _Writer:
    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self._items = MAX_ITEMS
        self._room = MAX_BYTES

    def _put(self, *chunks: bytes) -> None:
        for chunk in chunks:
            self._room -= len(chunk)
            self.chunks.append(chunk)
        if self._room < 0:
            raise WireError(f"the value takes more than {MAX_BYTES} bytes")

    def write(self, value: Value, depth: int) -> None:
        self._items -= 1
        if depth > MAX_DEPTH:
            raise WireError(f"the value is nested more than {MAX_DEPTH} deep")
        if self._items < 0:
            raise WireError(f"the value has more than {MAX_ITEMS} items")
        if value is None:
            self._put(b"N")
        elif isinstance(value, bool):
            self._put(b"T" if value else b"F")
        elif isinstance(value, np.ndarray):
            self._array(value)
        elif isinstance(value, np.generic):
            self._scalar(value)
        elif isinstance(value, (list, tuple, dict)):
            self._collection(value, depth)
        else:
            self._atom(value)

    def _atom(self, value: Value) -> None:
        if isinstance(value, int):
            self._integer(value)
        elif isinstance(value, float):
            self._put(b"d", FLOAT.pack(value))
        elif isinstance(value, complex):
            self._put(b"c", COMPLEX.pack(value.real, value.imag))
        elif isinstance(value, str):
            self._sized(b"s", value.encode("utf-8", "replace"))
        elif isinstance(value, (bytes, bytearray)):
            self._sized(b"b", bytes(value))
        elif isinstance(value, Opaque):
            self._opaque(value.type_name)
        else:
            kind = type(value)
            self._opaque(kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}")

    def _sized(self, tag: bytes, content: bytes) -> None:
        self._put(tag, LENGTH.pack(len(content)), content)

    def _opaque(self, type_name: str) -> None:
        self._sized(b"o", type_name[:200].encode("utf-8", "replace"))

    def _integer(self, value: int) -> None:
        if -(1 << 63) <= value < 1 << 63:
            self._put(b"i", INT.pack(value))
            return
        length = value.bit_length() // 8 + 1
        if length > MAX_INTEGER_BYTES:
            self._opaque("int with more than 2400 digits")
            return
        self._sized(b"I", value.to_bytes(length, "little", signed=True))

    def _collection(self, value: list[Value] | tuple[Value, ...] | dict[Value, Value], depth: int) -> None:
        if isinstance(value, dict):
            if not all(isinstance(key, str) for key in value):
                self._opaque("dict with keys that are not text")
                return
            self._put(b"m", LENGTH.pack(len(value)))
            for key, item in value.items():
                self._sized(b"s", key.encode("utf-8", "replace"))
                self.write(item, depth + 1)
            return
        self._put(b"t" if isinstance(value, tuple) else b"l", LENGTH.pack(len(value)))
        for item in value:
            self.write(item, depth + 1)

    def _array(self, value: np.ndarray[Any, Any]) -> None:
        if isinstance(value, np.ma.MaskedArray) and np.ma.getmaskarray(value).any():
            self._opaque("masked array with masked entries")
            return
        plain = np.asarray(value)
        dtype = _NARROWED.get(plain.dtype, plain.dtype).newbyteorder("=")
        code = _CODES.get(dtype)
        if code is None or plain.ndim > MAX_AXES:
            self._opaque(f"array with dtype {plain.dtype}" if code is None else f"array with {plain.ndim} axes")
            return
        if plain.size * dtype.itemsize > MAX_BYTES:
            raise WireError(f"an array of shape {plain.shape} takes more than {MAX_BYTES} bytes")
        axes = b"".join(AXIS.pack(length) for length in plain.shape)
        with np.errstate(all="ignore"):
            entries = plain.astype(DTYPES[code], copy=False).tobytes()
        self._put(b"a", bytes((code, plain.ndim)), axes, entries)

    def _scalar(self, value: np.generic) -> None:
        dtype = _NARROWED.get(value.dtype, value.dtype).newbyteorder("=")
        code = _CODES.get(dtype)
        if code is None:
            self._opaque(f"numpy scalar with dtype {value.dtype}")
            return
        with np.errstate(all="ignore"):
            entry = np.asarray(value).astype(DTYPES[code]).tobytes()
        self._put(b"g", bytes((code,)), entry)
