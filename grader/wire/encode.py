"""Values to bytes, wherever the value is."""

from __future__ import annotations

import math
import sys
from typing import Any

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
    SHAPES,
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
# As it is now: a student's module may put something else in its place.
_DOUBLE = np.float64
_FLOAT64 = b"g%c" % _CODES[np.dtype("d")]
_CONSTANTS = {None: b"N", True: b"T", False: b"F"}


def encode(value: Value) -> bytes:
    """Return `value` as bytes.

    Subclasses of ndarray and of the plain types travel as their base. A value of any other type, or one with
    masked entries, travels as `Opaque`.

    Raises:
        WireError: the value is too deep, too long, or has too many items.
    """
    writer = _Writer()
    writer.write(value, 0)
    return bytes(writer.out)


class _Writer:
    def __init__(self) -> None:
        self.out = bytearray()
        self._items = MAX_ITEMS

    def write(self, value: Value, depth: int) -> None:
        self._items -= 1
        if depth > MAX_DEPTH:
            raise WireError(f"the value is nested more than {MAX_DEPTH} deep")
        if self._items < 0:
            raise WireError(f"the value has more than {MAX_ITEMS} items")
        kind = type(value)
        # The likeliest first: this is done for each answer of each submission.
        if kind is float:
            self.out += b"d" + FLOAT.pack(value)
        elif kind is np.ndarray:
            self._array(value)
        elif kind is str:
            self._sized(b"s", value.encode("utf-8", "replace"))
        elif kind is int:
            self._integer(value)
        elif value is None or kind is bool:
            self.out += _CONSTANTS[value]
        elif isinstance(value, (list, tuple, dict)):
            self._collection(value, depth)
        else:
            self._atom(value)
        if len(self.out) > MAX_BYTES:
            raise WireError(f"the value takes more than {MAX_BYTES} bytes")

    def _atom(self, value: Value) -> None:
        if type(value) is _DOUBLE:
            self.out += _FLOAT64 + FLOAT.pack(value)
        elif isinstance(value, str):
            self._sized(b"s", value.encode("utf-8", "replace"))
        elif isinstance(value, np.generic):
            self._scalar(value)
        elif isinstance(value, int):
            self._integer(value)
        elif isinstance(value, float):
            self.out += b"d" + FLOAT.pack(value)
        elif isinstance(value, complex):
            self.out += b"c" + COMPLEX.pack(value.real, value.imag)
        elif isinstance(value, np.ndarray):
            self._subclass(value)
        elif isinstance(value, (bytes, bytearray)):
            self._sized(b"b", bytes(value))
        else:
            self._opaque(value.type_name if isinstance(value, Opaque) else _type_name(type(value)))

    def _sized(self, tag: bytes, content: bytes) -> None:
        self.out += tag + LENGTH.pack(len(content)) + content

    def _opaque(self, type_name: str) -> None:
        self._sized(b"o", type_name[:200].encode("utf-8", "replace"))

    def _integer(self, value: int) -> None:
        if -(1 << 63) <= value < 1 << 63:
            self.out += b"i" + INT.pack(value)
            return
        length = value.bit_length() // 8 + 1
        if length > MAX_INTEGER_BYTES:
            self._opaque("int with more than 2400 digits")
            return
        self._sized(b"I", value.to_bytes(length, "little", signed=True))

    def _collection(self, value: list[Value] | tuple[Value, ...] | dict[Value, Value], depth: int) -> None:
        if isinstance(value, dict):
            # Lone surrogates travel as question marks, which could make two keys one.
            if not all(isinstance(key, str) and _is_text(key) for key in value):
                self._opaque("dict with keys that are not text")
                return
            self.out += b"m" + LENGTH.pack(len(value))
            for key, item in value.items():
                self._sized(b"s", key.encode())
                self.write(item, depth + 1)
            return
        self.out += (b"t" if isinstance(value, tuple) else b"l") + LENGTH.pack(len(value))
        for item in value:
            self.write(item, depth + 1)

    def _subclass(self, value: np.ndarray[Any, Any]) -> None:
        # Asked of the module table: numpy loads its masked arrays only when somebody uses them.
        masked = sys.modules.get("numpy.ma")
        if masked is not None and isinstance(value, masked.MaskedArray) and masked.getmaskarray(value).any():
            self._opaque("masked array with masked entries")
        else:
            self._array(np.asarray(value))

    def _array(self, value: np.ndarray[Any, Any]) -> None:
        code = _CODES.get(value.dtype) or _code(value.dtype)
        if code is None or value.ndim > MAX_AXES:
            self._opaque(f"array with dtype {value.dtype}" if code is None else f"array with {value.ndim} axes")
            return
        dtype = DTYPES[code]
        # Before the copy: a broadcast view can stand for terabytes. Axes of length 0 count as in the decoder.
        entries = value.size or math.prod([length or 1 for length in value.shape])
        if entries * dtype.itemsize > MAX_BYTES:
            raise WireError(f"an array of shape {value.shape} takes more than {MAX_BYTES} bytes")
        self.out += b"a%c%c" % (code, value.ndim) + SHAPES[value.ndim].pack(*value.shape) + _entries(value, dtype)

    def _scalar(self, value: np.generic) -> None:
        code = _code(value.dtype)
        if code is None:
            self._opaque(f"numpy scalar with dtype {value.dtype}")
            return
        self.out += b"g" + bytes((code,)) + _entries(np.asarray(value), DTYPES[code])


def _code(dtype: np.dtype[Any]) -> int | None:
    # The kind first: numpy's newer types have no byte order to ask for.
    return _CODES.get(_NARROWED.get(dtype, dtype).newbyteorder("=")) if dtype.kind in "biufc" else None


def _is_text(key: str) -> bool:
    return key.isascii() or not any("\ud800" <= char <= "\udfff" for char in key)


def _entries(array: np.ndarray[Any, Any], dtype: np.dtype[Any]) -> bytes:
    if array.dtype == dtype:
        return array.tobytes()
    # A long double may be too large for a double; it then is infinite, without a warning.
    with np.errstate(all="ignore"):
        return array.astype(dtype).tobytes()


def _type_name(kind: type) -> str:
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
