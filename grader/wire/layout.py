"""What the two ends of the wire agree on: tags' layouts, array types, bounds, and the error."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

Value: TypeAlias = Any
"""None, bool, int, float, complex, str, bytes, list, tuple, dict with text keys, array, numpy scalar, Opaque."""

MAX_BYTES = 16 * 1024 * 1024
MAX_ITEMS = 200_000
MAX_DEPTH = 24
MAX_AXES = 16
MAX_INTEGER_BYTES = 1024

LENGTH = struct.Struct("<I")
INT = struct.Struct("<q")
FLOAT = struct.Struct("<d")
COMPLEX = struct.Struct("<dd")
SHAPES = [struct.Struct(f"<{axes}Q") for axes in range(MAX_AXES + 1)]
"""A shape, by its number of axes."""

# By way of their size, so that 8 bytes are `np.int64` and not its twin of another name, `np.longlong`.
DTYPES: dict[int, np.dtype[Any]] = {
    ord(code): np.dtype(np.dtype(code).newbyteorder("<").str) for code in "?bhiqBHIQefdFD"
}

NATIVE = {dtype: dtype.newbyteorder("=") for dtype in DTYPES.values()}
"""The same, as this machine has them."""


class WireError(ValueError):
    """The bytes are not a value within the bounds, or the value does not fit the wire."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """Stands for a value that does not travel; `type_name` says what it was."""

    type_name: str
