"""A notebook's JSON to the kind and the text of its cells: a stranger's data, read within bounds.

The bounds come first, so that neither Python's JSON nor `nbformat` is given what they would drown in. Then all
that is not needed is left behind (outputs, attachments, metadata), and what is needed has the types that it must
have. Only that is given to `nbformat`, which knows what the versions of the format mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_BYTES = 16 * 1024 * 1024
"""Of a notebook's file; pictures in its outputs are what makes one large."""

_MAX_VALUES = 400_000
"""Lists, mappings and items: the most that Python makes of them is about 100 MiB."""
_MAX_CELLS = 2_000
_VERSIONS = (2, 3, 4)
_BEGINS = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"(?:cells|metadata|nbformat|nbformat_minor|worksheets)"\s*:')
_KINDS = frozenset({"code", "heading", "markdown"})
_LANGUAGE = "python"


class NotebookError(Exception):
    """This is no notebook that can be read; the message says why, to the student."""


class MissingLibraryError(Exception):
    """The library that reads notebooks is not installed; the message says so, to whoever runs the grader."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `code` or `markdown`, and its text, of which lines end in line feeds."""

    kind: str
    text: str


def read_cells(content: bytes) -> list[Cell]:
    """Return the cells of a notebook that hold code or Markdown.

    Raises:
        NotebookError: it is none, or larger than one is.
        MissingLibraryError: `nbformat` is not installed.
    """
    data = _parsed(content)
    version = data.get("nbformat")
    if type(version) is not int or version not in _VERSIONS:
        raise NotebookError("its format is not one of Jupyter's; open it in Jupyter and save it again")
    _check_language(data.get("metadata"))
    cells = list(_stripped(data, version))
    return [Cell(cell["cell_type"], _lines(cell["source"])) for cell in _upgraded(cells, version)]


def begins_as_notebook(content: bytes) -> bool:
    """Return whether a file is a notebook, whatever its name: its JSON may well be Python, which defines nothing.

    Args:
        content: its first bytes.
    """
    return bool(_BEGINS.match(content)) and any(key in content for key in (b'"cell_type"', b'"nbformat"'))


def _parsed(content: bytes) -> dict[str, Any]:
    if len(content) > MAX_BYTES:
        what = f"it has {len(content)} bytes, and at most {MAX_BYTES} are read"
        raise NotebookError(f"{what}; clear its outputs, save it and hand it in again")
    if sum(map(content.count, (b"[", b"{", b","))) > _MAX_VALUES:
        raise NotebookError("it holds more values than a notebook does; clear its outputs and save it again")
    try:
        text = content.decode("utf-8-sig")
        # No number is needed but the version's; one of a million digits would take minutes.
        data = json.loads(text, parse_int=_small, parse_float=_nothing, parse_constant=_nothing)
    except UnicodeDecodeError as error:
        raise NotebookError("it is not UTF-8; save it in Jupyter and hand in that file") from error
    except RecursionError as error:
        raise NotebookError("its values are nested too deeply") from error
    except json.JSONDecodeError as error:
        what = f"it is not JSON: {error.msg} in line {error.lineno}" if content.strip() else "it is empty"
        raise NotebookError(
            f"{what}; save it in Jupyter, or download it as .ipynb, and hand in that file"
        ) from error
    if not isinstance(data, dict):
        raise NotebookError("it is JSON, but not a notebook")
    return data


def _small(digits: str) -> int | None:
    return int(digits) if len(digits) < 10 else None


def _nothing(_text: str) -> None:
    return None


def _check_language(metadata: Any) -> None:
    """Refuse a notebook that says that it is in another language than Python."""
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        about = metadata.get(key) if isinstance(metadata, dict) else None
        language = about.get(name) if isinstance(about, dict) else None
        if isinstance(language, str) and language and _LANGUAGE not in language.lower():
            raise NotebookError(f"its language is {language[:40]}, not Python")


def _stripped(data: dict[str, Any], version: int) -> Iterator[dict[str, Any]]:
    """Yield of each cell what is needed, in the form that its version of the format has."""
    for number, cell in enumerate(_raw_cells(data, version), 1):
        if number > _MAX_CELLS:
            raise NotebookError(f"it has more than {_MAX_CELLS} cells")
        if not isinstance(cell, dict):
            raise NotebookError(f"its cell number {number} is none")
        kind = cell.get("cell_type")
        if not isinstance(kind, str) or kind not in _KINDS:
            continue
        key = "input" if kind == "code" and version < 4 else "source"
        text = cell.get(key, "")
        if isinstance(text, list) and all(isinstance(line, str) for line in text):
            text = list(text)
        elif not isinstance(text, str):
            raise NotebookError(f"the text of its cell number {number} is none")
        yield {"cell_type": kind, "metadata": {}, key: text, **_demanded(cell, kind, version)}


def _raw_cells(data: dict[str, Any], version: int) -> Iterator[Any]:
    sheets = [data] if version == 4 else data.get("worksheets")
    for sheet in sheets if isinstance(sheets, list) else [None]:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        if not isinstance(cells, list):
            raise NotebookError("it has no list of cells")
        yield from cells


def _demanded(cell: dict[str, Any], kind: str, version: int) -> dict[str, Any]:
    """Return what the format demands of a cell beside its text."""
    if kind == "code":
        return {"outputs": [], "language": _LANGUAGE} if version < 4 else {"outputs": [], "execution_count": None}
    level = cell.get("level")
    return {"level": min(max(level, 1), 6) if type(level) is int else 1} if kind == "heading" else {}


def _upgraded(cells: list[dict[str, Any]], version: int) -> list[dict[str, Any]]:
    """Return the cells in version 4 of the format, which has each text in one piece."""
    try:
        import nbformat  # noqa: PLC0415  (an optional extra, and a tenth of a second)
    except ImportError as error:
        what = "notebooks are read with nbformat, which is not installed here: pip install nbformat"
        raise MissingLibraryError(what) from error
    held = {"cells": cells} if version == 4 else {"worksheets": [{"cells": cells, "metadata": {}}]}
    minor = 5 if version == 4 else 0
    data = {"nbformat": version, "nbformat_minor": minor, "metadata": {}, **held}
    notebook = nbformat.convert(nbformat.versions[version].to_notebook_json(data, minor=minor), 4)
    return [cell for cell in notebook["cells"] if cell["cell_type"] in _KINDS]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
