"""Changes of an array that a property speaks of: the argument is changed, and the answer with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

_Array: TypeAlias = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Transform:
    """One change.

    Attributes:
        kind: one of `KINDS`.
        by: the new order for `permute`, the number for `scale` and `shift`; anything for the others.
        axis: of `permute` and `reverse`.
    """

    kind: str
    by: Any = True
    axis: int = 0

    def apply(self, array: _Array) -> _Array:
        """Return the changed array, of the same dtype wherever that holds the result.

        Raises:
            ValueError: the array has too few axes, or `by` is no order of the axis.
        """
        return KINDS[self.kind](array, self.by, self.axis)


def _permuted(array: _Array, order: Any, axis: int) -> _Array:
    length = array.shape[axis] if -array.ndim <= axis < array.ndim else 0
    if sorted(order) != list(range(length)):
        raise ValueError(f"{order} is no order of {length} entries")
    return np.asarray(np.take(array, order, axis))


def _reversed(array: _Array, _: Any, axis: int) -> _Array:
    return np.flip(array, axis)


def _scaled(array: _Array, factor: Any, _: int) -> _Array:
    return np.asarray(array * factor)


def _shifted(array: _Array, offset: Any, _: int) -> _Array:
    return np.asarray(array + offset)


def _transposed(array: _Array, _: Any, __: int) -> _Array:
    return np.transpose(array)


def _same(array: _Array, _: Any, __: int) -> _Array:
    return array


KINDS: Final[dict[str, Callable[[_Array, Any, int], _Array]]] = {
    "permute": _permuted,
    "reverse": _reversed,
    "scale": _scaled,
    "shift": _shifted,
    "transpose": _transposed,
    "same": _same,
}
