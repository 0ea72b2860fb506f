"""Parts to a rubric's YAML, with what could not be converted in its head, and to a reference to be filled in."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import yaml

from grader.importing.model import Case, Imported, Part
from grader.plainly import printable

_MOST = 300


class _Text(str):
    """Text that YAML has in quotes: unquoted, `1e-6` would be a number to a rubric."""

    __slots__ = ()


class _Row(list[Any]):
    """A list on one line."""


class _Map(dict[str, Any]):
    """A mapping on one line."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, _data: Any) -> bool:
        """Write equal values out."""
        return True


_Dumper.add_representer(
    _Text, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)
_Dumper.add_representer(
    _Row, lambda dumper, row: dumper.represent_sequence("tag:yaml.org,2002:seq", row, flow_style=True)
)
_Dumper.add_representer(
    _Map, lambda dumper, items: dumper.represent_mapping("tag:yaml.org,2002:map", items, flow_style=True)
)


def rubric_text(imported: Imported, source: str, reference: str) -> str:
    """Return the rubric that an import makes.

    Args:
        imported: the parts.
        source: where they come from, for its head.
        reference: the reference's path, relative to the rubric.
    """
    ids = _unique(part.id for part in imported.parts)
    parts = [_part(part, name) for part, name in zip(imported.parts, ids, strict=True)]
    content = {
        "assignment": _assignment(imported.assignment),
        "reference": _Text(reference),
        "questions": [{"id": _Text("1"), "title": _Text("Imported"), "parts": parts}],
    }
    head = [f"Imported from {printable(source)}. Prove it with `grader check` before students meet it."]
    if imported.left:
        head += ["", "Not converted, or not exactly:", *(f"- {printable(str(item))}" for item in imported.left)]
    comments = "".join(f"# {line}".rstrip() + "\n" for line in head)
    return comments + yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def skeleton_text(parts: Sequence[Part], source: str) -> str:
    """Return a reference with every function that the parts call, each still to be written."""
    calls = [case.asked for part in parts for case in part.cases]
    functions = []
    for name in dict.fromkeys(item.function for item in calls):
        counts = [len(item.args) for item in calls if item.function == name]
        parameters = [f"x{number}" for number in range(1, max(counts) + 1)]
        parameters[min(counts) :] = [f"{parameter}=None" for parameter in parameters[min(counts) :]]
        functions.append(f"def {name}({', '.join(parameters)}):\n    raise NotImplementedError\n")
    head = f'"""The reference solution: imported from {printable(source)}, to be written."""\n'
    return "\n\n".join([head, *functions]).replace("\\", "\\\\", head.count("\\"))


def _part(part: Part, name: str) -> dict[str, Any]:
    answers = [_answer(function, part) for function in part.functions]
    head = {"id": _Text(name), "title": _Text(_line(part.title) or name), "points": _points(part.points)}
    return {**head, **answers[0]} if len(answers) == 1 else {**head, "answers": answers}


def _answer(function: str, part: Part) -> dict[str, Any]:
    cases = [case for case in part.cases if case.asked.function == function]
    even = part.all_or_nothing or len({case.weight for case in cases}) == 1
    scoring = {"scoring": "all"} if part.all_or_nothing and len(cases) > 1 else {}
    return {"function": _Text(function), **scoring, "cases": [_case(case, even=even) for case in cases]}


def _case(case: Case, *, even: bool) -> _Map:
    asked = case.asked
    made: dict[str, Any] = {"name": _Text(_line(case.name))} if _line(case.name) else {}
    made["args"] = _plain(list(asked.args))
    if asked.expect is not None:
        made["expect"] = _plain(asked.expect)
    if case.hidden:
        made["visibility"] = "hidden"
    if not even and case.weight:
        made["weight"] = round(float(case.weight), 6)
    if _line(case.hint):
        made["hint"] = _Text(_line(case.hint))
    if asked.tolerance:
        made["tolerance"] = _Map(asked.tolerance)
    return _Map(made)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _Text(value)
    if isinstance(value, list):
        return _Row(map(_plain, value))
    return _Map((key, _plain(item)) for key, item in value.items()) if isinstance(value, dict) else value


def _points(points: Decimal) -> float | int:
    rounded = round(float(points), 2)
    return int(rounded) if rounded.is_integer() else rounded


def _line(text: str) -> str:
    return printable(" ".join(text.split()))[:_MOST].strip()


def _assignment(name: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:100]
    return plain if re.match(r"[A-Za-z0-9]", plain) else "imported"


def _unique(names: Iterable[str]) -> Iterator[str]:
    taken: set[str] = set()
    for name in names:
        plain = re.sub(r"\s+", "-", printable(name.strip()))[:35] or "part"
        fresh = (f"{plain}-{number}" if number > 1 else plain for number in itertools.count(1))
        unique = next(candidate for candidate in fresh if candidate not in taken)
        taken.add(unique)
        yield unique
