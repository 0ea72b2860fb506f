"""Makers of arguments: what a rubric writes under `args` becomes the values that a function is called with.

A number, a word, `true` and `null` stand for themselves; a list of numbers is a float64 array; a mapping names
a maker. Draws come from the PCG64 bit stream alone, which numpy keeps stable between versions (NEP 19), and
are rounded, so that they read well in a message and are the same on every machine.
"""

from __future__ import annotations

import hashlib
import math
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeGuard

import numpy as np

from grader.wire import Value
from grader.wire.layout import MAX_AXES

_Array: TypeAlias = np.ndarray[Any, Any]

MAX_ENTRIES: Final = 1_000_000
_DECIMALS: Final = 6
_DTYPES: Final = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
_REAL_DTYPES: Final = ("float16", "float32", "float64", "complex64", "complex128")


class InputError(ValueError):
    """What the rubric asks for cannot be made; says what and how to write it."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Where random arguments come from.

    Attributes:
        seed: the rubric's.
        place: what they are for; another place gives other draws.
    """

    seed: int
    place: str

    def bits(self, count: int) -> _Array:
        """Return `count` integers below 2**53, as uint64, the same at every call."""
        digest = hashlib.sha256(f"{self.seed}\n{self.place}".encode()).digest()
        raw = np.random.PCG64(int.from_bytes(digest, "big")).random_raw(count)
        return np.asarray(raw, dtype=np.uint64) >> np.uint64(11)

    def uniform(self, count: int) -> _Array:
        """Return `count` numbers in the open interval (0, 1), float64."""
        return (self.bits(count) + 0.5) * 2.0**-53

    def inside(self, step: str | int) -> Draws:
        """Return the draws for a value within this one."""
        return Draws(self.seed, f"{self.place}/{step}")


def make(spec: Any, draws: Draws) -> Value:
    """Return the value that `spec` describes.

    Args:
        spec: plain content of the rubric's YAML.
        draws: where random values come from.

    Raises:
        InputError: `spec` describes nothing.
    """
    if isinstance(spec, dict):
        with np.errstate(all="ignore"):
            return _maker(spec, draws)
    if isinstance(spec, list):
        return _numbers(spec, "float64")
    return spec


def _maker(spec: dict[str, Any], draws: Draws) -> Value:
    named = [key for key in spec if key in MAKERS]
    if len(named) != 1:
        found = f"found {', '.join(named)}" if named else f"found none in {{{', '.join(spec)}}}"
        raise InputError(f"a mapping names exactly one maker ({', '.join(MAKERS)}); {found}")
    (name,) = named
    maker, options = MAKERS[name]
    allowed = {name, *options}
    unknown = [key for key in spec if key not in allowed]
    if unknown:
        raise InputError(f"`{name}` has no option `{unknown[0]}`; it has {', '.join(sorted(options)) or 'none'}")
    try:
        return maker(spec[name], spec, draws)
    except InputError:
        raise
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"`{name}` cannot be made: {error}") from error


def _numbers(content: Any, dtype: str | None = None) -> _Array:
    if not _all_numbers(content):
        raise InputError("a list holds numbers only; for other values write {list: [...]} or {tuple: [...]}")
    try:
        array = np.array(content, dtype=dtype)
    except OverflowError as error:
        raise InputError("a number in this list is too large") from error
    except ValueError as error:
        raise InputError("the rows of this array have different lengths") from error
    if array.ndim > MAX_AXES:
        raise InputError(f"an array has at most {MAX_AXES} axes, not {array.ndim}")
    return array


def _all_numbers(content: Any) -> bool:
    if isinstance(content, list):
        return all(map(_all_numbers, content))
    return isinstance(content, (int, float))


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _shape(content: Any) -> tuple[int, ...]:
    axes = content if isinstance(content, list) else [content]
    if not all(isinstance(length, int) and not isinstance(length, bool) and length >= 0 for length in axes):
        raise InputError(f"a shape is a list of whole numbers such as [2, 3], not {content!r}")
    # An axis of length 0 does not excuse the others, here as on the wire.
    if len(axes) > MAX_AXES or math.prod(length or 1 for length in axes) > MAX_ENTRIES:
        raise InputError(f"the shape {content!r} has more than {MAX_AXES} axes or {MAX_ENTRIES} entries")
    return tuple(axes)


def _number(options: Mapping[str, Any], name: str, default: float | None = None) -> float:
    value = options.get(name, default)
    if not _is_number(value):
        raise InputError(f"`{name}` must be a number" + ("" if value is None else f", not {value!r}"))
    return value


def _dressed(array: _Array, options: Mapping[str, Any], dtype: str) -> Value:
    """Apply `scale`, `shift` and `dtype`; an array without axes becomes a Python number."""
    wanted = options.get("dtype", dtype)
    if wanted not in (*_DTYPES, *_REAL_DTYPES):
        raise InputError(f"`dtype` is one of {', '.join((*_DTYPES, *_REAL_DTYPES))}, not {wanted!r}")
    if "scale" in options:
        array = array * _number(options, "scale")
    if "shift" in options:
        array = array + _number(options, "shift")
    if array.dtype.kind == "f":
        rounded = np.round(array, 12)
        # Not where the number itself is lost: one of 1e-15, or of 1e+300.
        array = np.where(np.abs(rounded - array) <= 1e-9 * np.abs(array), rounded, array)
    array = _cast(array, np.dtype(wanted))
    return array.item() if array.ndim == 0 else array


def _cast(array: _Array, dtype: np.dtype[Any]) -> _Array:
    if dtype.kind in "iu" and array.size:
        bounds = np.iinfo(dtype)
        if not all(bounds.min <= entry <= bounds.max for entry in np.array([array.min(), array.max()]).tolist()):
            raise InputError(f"`dtype: {dtype}` holds whole numbers from {bounds.min} to {bounds.max} only")
    made = array.astype(dtype)
    if array.dtype.kind == "f" and (np.isfinite(array) & ~np.isfinite(made)).any():
        raise InputError(f"a number is too large for `dtype: {dtype}`")
    return made


def _array(content: Any, options: Mapping[str, Any], _: Draws) -> Value:
    return _dressed(_numbers(content), options, "float64")


def _full(content: Any, options: Mapping[str, Any], _: Draws) -> Value:
    value = options.get("value")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InputError("`full` takes a number as `value`")
    return _dressed(np.full(_shape(content), value), options, "float64")


def _zeros(content: Any, options: Mapping[str, Any], _: Draws) -> Value:
    return _dressed(np.zeros(_shape(content)), options, "float64")


def _ones(content: Any, options: Mapping[str, Any], _: Draws) -> Value:
    return _dressed(np.ones(_shape(content)), options, "float64")


def _identity(content: Any, options: Mapping[str, Any], _: Draws) -> Value:
    if not isinstance(content, int):
        raise InputError(f"`identity` is a single size, not {content!r}")
    size, _size = _shape([content, content])
    return _dressed(np.eye(size), options, "float64")


def _linspace(content: Any, options: Mapping[str, Any], _: Draws) -> Value:
    well_formed = isinstance(content, list) and len(content) == 3 and all(map(_is_number, content))
    if not well_formed or not isinstance(content[2], int) or not 1 <= content[2] <= MAX_ENTRIES:
        raise InputError("`linspace` is [start, stop, how many]")
    return _dressed(np.linspace(*content), options, "float64")


def _arange(content: Any, options: Mapping[str, Any], _: Draws) -> Value:
    bounds = content if isinstance(content, list) else [content]
    if not all(map(_is_number, bounds)) or not 1 <= len(bounds) <= 3:
        raise InputError("`arange` is [stop], [start, stop] or [start, stop, step]")
    start, stop, step = [0, *bounds, 1] if len(bounds) == 1 else [*bounds, 1][:3]
    if not step or (stop - start) / step > MAX_ENTRIES:
        raise InputError(f"`arange` {bounds} has no end or more than {MAX_ENTRIES} entries")
    return _dressed(np.arange(start, stop, step), options, "float64")


def _normal(content: Any, options: Mapping[str, Any], draws: Draws) -> Value:
    shape = _shape(content)
    # NormalDist is pure arithmetic; numpy's own normal may change between versions.
    quantile = statistics.NormalDist().inv_cdf
    drawn = [quantile(u) for u in draws.uniform(int(np.prod(shape))).tolist()]
    return _dressed(np.round(np.array(drawn).reshape(shape), _DECIMALS), options, "float64")


def _uniform(content: Any, options: Mapping[str, Any], draws: Draws) -> Value:
    shape = _shape(content)
    low, high = _number(options, "low", 0), _number(options, "high", 1)
    if low >= high:
        raise InputError(f"`low` ({low}) must be below `high` ({high})")
    drawn = low + (high - low) * draws.uniform(int(np.prod(shape))).reshape(shape)
    # A narrow interval needs more decimals; large numbers have none.
    rounded = np.round(drawn, max(_DECIMALS, 3 - math.floor(math.log10(high - low))))
    return _dressed(np.clip(np.where(np.isfinite(rounded), rounded, drawn), low, high), options, "float64")


def _integers(content: Any, options: Mapping[str, Any], draws: Draws) -> Value:
    shape = _shape(content)
    low, high = _number(options, "low", 0), _number(options, "high")
    if not (isinstance(low, int) and isinstance(high, int) and -(2**53) <= low < high <= 2**53):
        raise InputError("`integers` takes whole `low` and `high`, with `low` below `high`; `high` does not occur")
    drawn = np.asarray(draws.bits(int(np.prod(shape))) % np.uint64(high - low)).astype(np.int64) + low
    return _dressed(drawn.reshape(shape), options, "int64")


def _choice(content: Any, options: Mapping[str, Any], draws: Draws) -> Value:
    shape = _shape(options.get("shape", []))
    if not isinstance(content, list) or not content or not all(isinstance(item, (int, float)) for item in content):
        raise InputError("`choice` takes a list of numbers to choose from")
    whole = all(isinstance(item, int) for item in content)
    picked = np.array(content)[(draws.bits(int(np.prod(shape))) % np.uint64(len(content))).astype(int)]
    return _dressed(picked.reshape(shape), options, "int64" if whole else "float64")


def _one_hot(content: Any, options: Mapping[str, Any], _: Draws) -> Value:
    labels = np.array(content)
    classes = options.get("classes")
    if not isinstance(classes, int):
        raise InputError("`one_hot` takes a whole number as `classes`")
    _shape([*labels.shape, classes])
    if labels.dtype.kind != "i" or labels.ndim > 1 or not ((labels >= 0) & (labels < classes)).all():
        raise InputError(f"`one_hot` takes labels from 0 to `classes` - 1 ({classes - 1}), not {content!r}")
    return _dressed((labels[..., np.newaxis] == np.arange(classes)).astype(float), options, "float64")


def _sequence(content: Any, draws: Draws) -> list[Value]:
    if not isinstance(content, list):
        raise InputError(f"this takes a list of values, not {content!r}")
    return [make(item, draws.inside(index)) for index, item in enumerate(content)]


def _list(content: Any, _: Mapping[str, Any], draws: Draws) -> Value:
    return _sequence(content, draws)


def _tuple(content: Any, _: Mapping[str, Any], draws: Draws) -> Value:
    return tuple(_sequence(content, draws))


_Maker: TypeAlias = Callable[[Any, Mapping[str, Any], Draws], Value]
_DRESS = ("dtype", "scale", "shift")
MAKERS: dict[str, tuple[_Maker, tuple[str, ...]]] = {
    "array": (_array, _DRESS),
    "zeros": (_zeros, _DRESS),
    "ones": (_ones, _DRESS),
    "full": (_full, ("value", *_DRESS)),
    "identity": (_identity, _DRESS),
    "linspace": (_linspace, _DRESS),
    "arange": (_arange, _DRESS),
    "one_hot": (_one_hot, ("classes", *_DRESS)),
    "normal": (_normal, _DRESS),
    "uniform": (_uniform, ("low", "high", *_DRESS)),
    "integers": (_integers, ("low", "high", *_DRESS)),
    "choice": (_choice, ("shape", *_DRESS)),
    "list": (_list, ()),
    "tuple": (_tuple, ()),
}
