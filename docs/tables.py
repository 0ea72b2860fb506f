"""Writes the tables of fields in docs/rubrics.md from the rubric's models: `python docs/tables.py`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from grader.rubric import gradescope, late, model, properties

PAGE = Path(__file__).parent / "rubrics.md"
_TABLE = re.compile(r"<!-- fields of (\w+) -->\n.*?<!-- end -->", re.DOTALL)
_WORDS = {str: "text", int: "integer", float: "number", bool: "true or false"}


def rendered(page: str) -> str:
    """Return `page` with each table between its marks as the models have it."""
    return _TABLE.sub(lambda found: _table(found[1]), page)


def _table(name: str) -> str:
    kind: type[BaseModel] = next(
        vars(module)[name] for module in (model, properties, late, gradescope) if name in vars(module)
    )
    inherited = set[str]()
    if name == "Part":
        inherited = set(model.Answer.model_fields)
    rows = [
        f"| `{field}` | {_kind(info.annotation)}{_default(info)} | {info.description or ''} |"
        for field, info in kind.model_fields.items()
        if field not in inherited
    ]
    table = "\n".join(["| field | | |", "|---|---|---|", *rows])
    return f"<!-- fields of {name} -->\n{table}\n<!-- end -->"


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{str(word).lower() if word is True else word}`" for word in get_args(annotation))
    if get_origin(annotation) is list:
        item = _kind(get_args(annotation)[0])
        return "list" if item == "value" else f"list of {item}"
    if get_origin(annotation) is dict:
        return "mapping"
    if isinstance(annotation, type):
        return _WORDS.get(annotation, "mapping" if issubclass(annotation, BaseModel) else "number")
    if annotation is Any:
        return "value"
    members = [_kind(item) for item in get_args(annotation) if item is not type(None) and _is_type(item)]
    return " or ".join(dict.fromkeys(members))


def _is_type(item: Any) -> bool:
    return isinstance(item, type) or get_origin(item) is not None or item is Any


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return ", required"
    if info.default_factory is not None or info.default is None or info.default is False:
        return ""
    return f", {info.default} by default"


if __name__ == "__main__":
    PAGE.write_text(rendered(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
