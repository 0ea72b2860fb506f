"""The file beside a rubric that says which mutants of its reference are no mistakes, and why."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.errors import AuthorError, Problem
from grader.rubric.source import Document, parse


class Equivalent(BaseModel):
    """A mutant that answers every valid input as the reference does."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    mutant: str = Field(pattern=r"^\w+/[a-z0-9]+/[0-9a-f]{8}$", description="Its id, as `grader check` prints it.")
    reason: str = Field(pattern=r"\S", description="Why no valid input tells it from the reference.")


class Equivalents(BaseModel):
    """All of them."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    equivalent: list[Equivalent]


def equivalents_file(rubric: Path) -> Path:
    """Return where the file is that belongs to `rubric`: `hw3.equivalent.yaml` beside `hw3.yaml`."""
    return rubric.with_name(f"{rubric.stem}.equivalent.yaml")


def load_equivalents(file: Path) -> dict[str, str]:
    """Return the reason for each mutant by its id; none when there is no such file.

    Raises:
        AuthorError: the file is not as it should be.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise AuthorError([Problem(file, 1, "", f"this cannot be read: {error}")]) from error
    document = parse(text, file)
    if document.problems:
        raise AuthorError(document.problems)
    try:
        found = Equivalents.model_validate(document.content).equivalent
    except ValidationError as error:
        raise AuthorError(
            [document.problem(item["loc"], _said(item["msg"])) for item in error.errors()]
        ) from error
    return {item.mutant: item.reason for item in _unique(found, document)}


def _said(message: str) -> str:
    return message.replace("String should match pattern", "this must look like")


def _unique(found: list[Equivalent], document: Document) -> list[Equivalent]:
    ids = [item.mutant for item in found]
    again = [number for number, name in enumerate(ids) if name in ids[:number]]
    if again:
        raise AuthorError(
            [document.problem(("equivalent", number), "this mutant is there already") for number in again]
        )
    return found
