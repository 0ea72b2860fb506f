"""YAML as a teaching assistant means it, with the line of every value.

PyYAML follows YAML 1.1, where `1e-6` is text, `on` and `NO` are booleans, `010` is eight and `1:30` is
ninety. Here a plain scalar is a number only when it looks like one to a person, `true` and `false` are the
only booleans, and a field that is a name (an id, a title) is the text that was typed, `1E1` included.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from grader.errors import Problem

FieldPath: TypeAlias = tuple[str | int, ...]

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    ".inf": math.inf, "+.inf": math.inf, "-.inf": -math.inf, ".nan": math.nan, ".NaN": math.nan,
}  # fmt: skip

TEXT_FIELDS = frozenset(
    {"assignment", "criteria", "function", "hint", "id", "name", "reference", "says", "title", "written"}
)
"""Fields whose scalars are text as typed, whatever they look like."""
DATA_FIELDS = frozenset({"args", "expect", "same_result"})
"""Fields below which keys are the author's own words."""

_TAG = "tag:yaml.org,2002:"
_TAGS = frozenset({"bool", "float", "int", "map", "merge", "null", "seq", "str", "timestamp", "value"})
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_NODES = 200_000
_MAX_DEPTH = 50


class Located(dict[str, Any]):
    """A mapping of the file's that knows its own path, wherever it is moved to."""

    path: FieldPath = ()


@dataclass(slots=True)
class Document:
    """A YAML file as plain values.

    Attributes:
        file: where it was read from.
        content: `Located` mappings, lists, str, int, float, bool and None.
        lines: the line of each field by its path; the empty path is the document.
        problems: what is wrong with the YAML itself; `content` is None when it could not be read at all.
    """

    file: Path
    content: Any = None
    lines: dict[FieldPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: FieldPath) -> int:
        """Return the line of `path`, or of its nearest enclosing field that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: FieldPath, text: str) -> Problem:
        """Return a problem that stands at `path`."""
        return Problem(self.file, self.line(path), field_name(path), text)


def field_name(path: FieldPath) -> str:
    """Return `path` as a person writes it: `questions[0].parts[2].points`."""
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name


def parse(text: str, file: Path) -> Document:
    """Read one YAML document; what is wrong with it stands in the result's `problems`."""
    document = Document(file, lines={(): 1})
    try:
        too_deep = _too_deep(text)
        node = None if too_deep else yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        if "nesting depth" in (error.problem or ""):
            # Newer libraries have a bound of their own, and meet it while they look ahead.
            document.problems.append(Problem(file, line, "", f"this is nested more than {_MAX_DEPTH} deep"))
            return document
        said = f"this is not YAML: {error.problem or error.context}{_tab_advice(text, line)}"
        document.problems.append(Problem(file, line, "", said))
        return document
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, text.find(chr(error.character))) + 1
        said = f"this is not YAML: it holds the control character {error.character:#04x}"
        document.problems.append(Problem(file, line, "", said))
        return document
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # PyYAML's own parser, where libyaml is missing, lets Python's errors through.
        document.problems.append(Problem(file, 1, "", f"this is not YAML: {error}"))
        return document
    if too_deep:
        document.problems.append(Problem(file, too_deep, "", f"this is nested more than {_MAX_DEPTH} deep"))
        return document
    if node is None:
        document.problems.append(Problem(file, 1, "", "the file is empty; a rubric starts with `assignment:`"))
        return document
    document.content = _Constructor(document).construct(node, (), text=False, data=False)
    return document


def _too_deep(text: str) -> int:
    """Return the line where `text` is nested too deep, or 0: libyaml's composer would end the process there."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            return event.start_mark.line + 1 if event.start_mark else 1
    return 0


def _tab_advice(text: str, line: int) -> str:
    lines = text.splitlines()
    indented_by_tab = line <= len(lines) and lines[line - 1].lstrip(" ").startswith("\t")
    return "; indent with spaces, not tabs" if indented_by_tab else ""


class _Constructor:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._nodes = 0

    def construct(self, node: yaml.Node, path: FieldPath, *, text: bool, data: bool) -> Any:
        self._document.lines[path] = node.start_mark.line + 1
        self._nodes += 1
        # An alias is constructed anew at each place; a few of them can stand for billions of nodes.
        if self._nodes > _MAX_NODES or len(path) > _MAX_DEPTH:
            if self._nodes <= _MAX_NODES + 1:
                self._document.problems.append(self._document.problem(path[:1], "too many or too deep values"))
            self._nodes = max(self._nodes, _MAX_NODES + 1)
            return None
        if node.tag.removeprefix(_TAG) not in _TAGS:
            self._document.problems.append(self._document.problem(path, f"the tag {node.tag} means nothing here"))
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, text=text)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, data=data)
        return [
            self.construct(item, (*path, index), text=text, data=data) for index, item in enumerate(node.value)
        ]

    def _mapping(self, node: yaml.MappingNode, path: FieldPath, *, data: bool) -> Located:
        mapping = Located()
        mapping.path = path
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._document.problems.append(self._document.problem(path, "a key must be a word"))
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key in mapping:
                line = key_node.start_mark.line + 1
                first = self._document.lines[here]
                self._document.problems.append(
                    Problem(
                        self._document.file,
                        line,
                        field_name(here),
                        f"this key is there already, in line {first}",
                    )
                )
                continue
            is_text = not data and key in TEXT_FIELDS
            mapping[key] = self.construct(value_node, here, text=is_text, data=data or key in DATA_FIELDS)
            self._document.lines[here] = key_node.start_mark.line + 1
        return mapping

    @staticmethod
    def _scalar(node: yaml.ScalarNode, *, text: bool) -> Any:
        value = str(node.value)
        if text:
            return None if not node.style and value in {"", "~"} else value
        if node.style:
            return value
        if value in _WORDS:
            return _WORDS[value]
        if _INT.fullmatch(value):
            return int(value) if len(value) < 1000 else value
        if _FLOAT.fullmatch(value) and not re.fullmatch(r"[-+]?0[0-9]+", value):
            return float(value)
        return value
