"""The building blocks of the rubric's models: names, lines, points, and the model that knows where it stood."""

from __future__ import annotations

import keyword
import re
from decimal import Decimal
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    Strict,
    model_validator,
)
from pydantic.functional_validators import ModelWrapValidatorHandler

from grader.rubric.source import FieldPath


def _identifier(value: str) -> str:
    if not value.isidentifier() or keyword.iskeyword(value):
        raise ValueError(f"`{value}` is not a Python name")
    return value


def _one_line(value: str) -> str:
    if not value.isprintable() or not value.strip():
        raise ValueError("this must be one line of printable text")
    return value


def _one_word(value: str) -> str:
    # `--only` takes several, with commas between them.
    if not re.fullmatch(r"[^\s,]+", _one_line(value)):
        raise ValueError("an id holds no blanks and no commas")
    return value


def short(value: Decimal) -> Decimal:
    """Return `value`; more than 12 decimals are refused."""
    # As a fraction, 1e-999999999 would not fit in memory.
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -12:
        raise ValueError("this has more than 12 decimals")
    return value


def _arguments(value: Any) -> Any:
    # Asked first: the union would complain once for each of its members.
    if not isinstance(value, (dict, list)):
        raise ValueError("arguments are a mapping by parameter name, or a list by position")  # noqa: TRY004  (pydantic's)
    return value


def names_or(word: str, *values: Any) -> BeforeValidator:
    """Refuse, in one sentence that ends in `word`, what is neither one of `values` nor a list of names."""

    # Asked first: the union would complain once for each of its members.
    def check(value: Any) -> Any:
        if any(value is item or (isinstance(value, str) and value == item) for item in values):
            return value
        if not isinstance(value, list) or not value:
            raise ValueError(f"this is a list of parameters, or {word}")
        for item in value:
            if not isinstance(item, str) or len(item) > _NAME_LENGTH:
                raise ValueError(f"{item!r:.60} is not a Python name")
            _identifier(item.strip())
        return value

    return BeforeValidator(check)


_NAME_LENGTH = 100

Name: TypeAlias = Annotated[str, AfterValidator(_identifier), Field(max_length=_NAME_LENGTH)]
Line: TypeAlias = Annotated[str, AfterValidator(_one_line), Field(max_length=300)]
Id: TypeAlias = Annotated[str, AfterValidator(_one_word), Field(max_length=40)]
Arguments: TypeAlias = Annotated[dict[str, Any] | list[Any], BeforeValidator(_arguments)]
Points: TypeAlias = Annotated[Decimal, Field(ge=0, le=100_000, decimal_places=2), AfterValidator(short)]
Share: TypeAlias = Annotated[Decimal, Field(ge=0, le=1), AfterValidator(short)]
Whole: TypeAlias = Annotated[int, Strict()]
"""A whole number; `true` is none, which pydantic would take for 1."""
Seconds: TypeAlias = Annotated[float, Field(gt=0, le=3600)]


_M = TypeVar("_M", bound="LocatedModel")


class LocatedModel(BaseModel):
    """A frozen model of strict fields that remembers where in the file it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True)
    _path: FieldPath = PrivateAttr(())

    @model_validator(mode="wrap")
    @classmethod
    def _remember_path(cls: type[_M], data: Any, handler: ModelWrapValidatorHandler[_M]) -> _M:
        model = handler(data)
        model._path = getattr(data, "path", ())  # noqa: SLF001  (its own class's)
        return model

    @property
    def path(self) -> FieldPath:
        """Where this stands in the rubric's file."""
        return self._path
