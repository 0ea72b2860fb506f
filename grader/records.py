"""Records on paper: trees of frozen dataclasses as bytes and back.

Every mapping on paper has the key `@`: a record's class name, beside its fields, or nothing for a plain mapping,
whose items stand under `items`. So data can never be mistaken for a record.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from grader.wire import Opaque, Value, WireError, decode, encode

_AS_THEY_ARE = frozenset({str, float, int, bool, type(None), np.ndarray})


class RecordError(ValueError):
    """A file is not what it should be: another kind, another version, or damaged."""


def dump(record: object, magic: bytes) -> bytes:
    """Return `record` as a file's content, headed by `magic`.

    Raises:
        RecordError: the record is larger than the wire carries.
    """
    try:
        return magic + encode(_plain(record))
    except WireError as error:
        raise RecordError(f"this is too large: {error}") from error


def load(content: bytes, classes: Iterable[type], magic: bytes) -> Any:
    """Return the record that `dump` wrote with the same `magic`, built from `classes` only.

    Raises:
        RecordError: the content is something else.
    """
    if not content.startswith(magic):
        raise RecordError(f"this file does not start with {magic!r}")
    try:
        return _rebuild(decode(content[len(magic) :]), {kind.__name__: kind for kind in classes})
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise RecordError(f"this file is damaged: {error}") from error


def _plain(value: object) -> Value:
    # The likeliest first, and asked of the type alone: a plan is made of thousands.
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, Fraction):
        return {"@": "Fraction", "n": value.numerator, "d": value.denominator}
    if isinstance(value, dict):
        return {"@": "", "items": {key: _plain(item) for key, item in value.items()}}
    if isinstance(value, (tuple, list)):
        return type(value)(map(_plain, value))
    if dataclasses.is_dataclass(value) and not isinstance(value, (type, Opaque)):
        return {"@": type(value).__name__, **{name: _plain(getattr(value, name)) for name in _names(type(value))}}
    return value


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _rebuild(value: Value, classes: dict[str, type]) -> Any:
    if isinstance(value, (tuple, list)):
        return type(value)(_rebuild(item, classes) for item in value)
    if not isinstance(value, dict):
        return value
    name = value["@"]
    if not isinstance(name, str):
        raise TypeError("a record's class is not text")
    if name == "":
        return {key: _rebuild(item, classes) for key, item in value["items"].items()}
    if name == "Fraction":
        return Fraction(value["n"], value["d"])
    return classes[name](**{key: _rebuild(item, classes) for key, item in value.items() if key != "@"})
