"""A rubric's file to a `Rubric`, or every mistake in it at once."""

from __future__ import annotations

import difflib
import functools
import operator
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError

from grader.errors import AuthorError, Problem, UserError
from grader.rubric.gradescope import Gradescope, Leader
from grader.rubric.late import Late
from grader.rubric.model import Answer, Case, Limits, Mistake, Part, Question, Rubric, Tolerance, Variant
from grader.rubric.properties import (
    Agreement,
    Equivariant,
    Gradient,
    Inverse,
    Monotone,
    Property,
    Split,
    SumsTo,
    Transform,
)
from grader.rubric.source import Document, FieldPath, Located, parse

_MAX_BYTES = 4 * 1024 * 1024
_MAX_ROUNDS = 10
_OPTIONAL = frozenset(
    {
        "float32",
        "follow_through",
        "give_away",
        "gradescope",
        "late",
        "limits",
        "mistakes",
        "seed",
        "selfcheck",
        "shape_credit",
        "title",
        "tolerance",
    }
)
_MODELS: dict[str, type] = {
    "agrees_with": Agreement,
    "answer": Transform,
    "answers": Answer,
    "by": Transform,
    "cases": Case,
    "equivariant": Equivariant,
    "expect_any": Variant,
    "gradescope": Gradescope,
    "gradient_of": Gradient,
    "inverse_of": Inverse,
    "late": Late,
    "leaderboard": Leader,
    "limits": Limits,
    "mistakes": Mistake,
    "monotone": Monotone,
    "parts": Part,
    "property": Property,
    "questions": Question,
    "split": Split,
    "sums_to": SumsTo,
    "tolerance": Tolerance,
}
_MESSAGES = {
    "bool_parsing": "this should be true or false",
    "bool_type": "this should be true or false",
    "decimal_parsing": "this should be a number",
    "decimal_type": "this should be a number",
    "float_parsing": "this should be a number",
    "int_parsing": "this should be a whole number",
    "int_parsing_size": "this whole number is too large",
    "int_type": "this should be a whole number",
    "missing": "this field is missing",
    "model_type": "this should be a mapping of fields",
    "too_short": "this list should have at least one item",
}


@dataclass(frozen=True, slots=True)
class LoadedRubric:
    """A rubric and where it came from.

    Attributes:
        rubric: the valid part of it; all of it when `problems` is empty.
        document: the file's content and lines.
        source: the file's bytes.
        problems: what is wrong so far; what compiles the rubric adds its own before it raises.
    """

    rubric: Rubric
    document: Document
    source: bytes
    problems: tuple[Problem, ...]


def load_rubric(file: Path) -> LoadedRubric:
    """Read the rubric in `file`.

    A rubric with mistakes is returned without the cases or parts that hold them, so that the mistakes in the
    rest of it can be found in the same run; the caller must not grade with it while `problems` is not empty.

    Raises:
        UserError: the file cannot be read.
        AuthorError: so much is wrong that nothing is left to look at.
    """
    try:
        if file.exists() and not file.is_file():
            raise UserError(f"{file}: the rubric cannot be read: it is not a regular file")
        with file.open("rb") as stream:
            source = stream.read(_MAX_BYTES + 1)
        if len(source) > _MAX_BYTES:
            raise UserError(f"{file}: the rubric is larger than {_MAX_BYTES} bytes")
        text = source.decode("utf-8-sig")
    except OSError as error:
        raise UserError(f"{file}: the rubric cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise AuthorError([Problem(file, line, "", "this is not UTF-8; save the rubric as UTF-8")]) from error
    document = parse(text, file)
    problems = [*document.problems, *_duplicate_ids(document), *_unknown_leaders(document)]
    rubric = _validate(document, problems)
    if rubric is None:
        raise AuthorError(problems)
    return LoadedRubric(rubric, document, source, tuple(problems))


def _validate(document: Document, problems: list[Problem]) -> Rubric | None:
    content = document.content
    if content is None and problems:
        return None
    for _ in range(_MAX_ROUNDS):
        try:
            return Rubric.model_validate(content)
        except ValidationError as error:
            faults = [(tuple(item["loc"]), dict(item)) for item in error.errors(include_url=False)]
        # A misspelled field is one mistake, not a second one for being missing under its right name.
        meant = {(*path[:-1], _suggestion(path)[0]) for path, item in faults if item["type"] == "extra_forbidden"}
        for path, item in faults:
            if item["type"] == "missing" and path in meant:
                continue
            original = _original(content, path)
            problems.append(document.problem(original, _sentence(original, item)))
        if not _prune(content, faults):
            return None
    return None


def _original(content: Any, path: FieldPath) -> FieldPath:
    """Return where in the file the field stands that is at `path` of the pruned content."""
    found = path
    for length, step in enumerate(path, 1):
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(content, Located):
            found = (*content.path, *path[length:])
    return found


def _prune(content: Any, faults: Iterable[tuple[FieldPath, dict[str, Any]]]) -> bool:
    """Take out what holds each fault; False when that would be the whole rubric."""
    doomed = {path if _is_surplus(content, path, item) else _holder(path) for path, item in faults}
    # A list that would lose all its items takes its holder along, or it were blamed for being empty.
    while emptied := {_holder(path) for path in _emptied(content, doomed)} - doomed:
        doomed |= emptied
    if () in doomed:
        return False
    # From the last to the first, so that no removal moves a later one's target; what an outer one took is gone.
    for target in sorted(doomed, key=lambda path: [f"{step:>9}" for step in path], reverse=True):
        parent = content
        for step in target[:-1]:
            parent = parent[step]
        del parent[target[-1]]
    return True


def _emptied(content: Any, doomed: Iterable[FieldPath]) -> Iterator[FieldPath]:
    lists = Counter(path[:-1] for path in doomed if path and isinstance(path[-1], int))
    for path, count in lists.items():
        if count == len(functools.reduce(operator.getitem, path, content)):
            yield path


def _is_surplus(content: Any, path: FieldPath, item: dict[str, Any]) -> bool:
    """Whether nothing else misses this field: an unknown one that is no misspelling of a known one."""
    if item["type"] != "extra_forbidden":
        return False
    alone = len(functools.reduce(operator.getitem, path[:-1], content)) == 1
    return len(path) == 1 or not (alone or _suggestion(path)[0])


def _holder(path: FieldPath) -> FieldPath:
    """Return the field to take out so that a fault at `path` is gone: an item of a list, or an optional block."""
    for length in range(len(path), 0, -1):
        if isinstance(path[length - 1], int):
            return path[:length]
    return path[:1] if path and path[0] in _OPTIONAL else ()


def _sentence(path: FieldPath, item: dict[str, Any]) -> str:
    kind, value = item["type"], item.get("input")
    if kind == "extra_forbidden":
        close, known = _suggestion(path)
        return (
            f"unknown field; did you mean `{close}`?" if close else f"unknown field; the fields here are {known}"
        )
    if kind == "value_error":
        return str(item["ctx"]["error"])
    if kind == "too_short" and item["ctx"]["min_length"] > 1:
        return f"this list should have at least {item['ctx']['min_length']} items"
    if kind in {"too_long", "string_too_long"}:
        what, items = ("list", "items") if kind == "too_long" else ("text", "characters")
        return f"this {what} should have at most {item['ctx']['max_length']} {items}"
    message = _MESSAGES.get(kind) or f"this {str(item['msg']).removeprefix('Input ')}"
    shown = "" if isinstance(value, (dict, list)) or kind == "missing" else f", not {value!r:.60}"
    return f"{message}{shown}"


def _suggestion(path: FieldPath) -> tuple[str, str]:
    """Return the known field that an unknown one resembles, if any, and all that are known there."""
    names = [step for step in path[:-1] if isinstance(step, str)]
    model = _MODELS.get(names[-1] if names else "", Rubric)
    known = list(getattr(model, "model_fields", {}))
    close = difflib.get_close_matches(str(path[-1]), known, n=1)
    return close[0] if close else "", ", ".join(known)


def _duplicate_ids(document: Document) -> Iterator[Problem]:
    """Find ids and functions that occur twice, in whatever shape the rest of the content is."""
    seen: dict[tuple[FieldPath, str, str], FieldPath] = {}
    for scope, kind, identifier, path in _identifiers(document.content):
        first = seen.setdefault((scope, kind, identifier), path)
        if first != path:
            line = document.line(first)
            yield document.problem(path, f"the {kind} `{identifier}` is there already, in line {line}")


def _unknown_leaders(document: Document) -> Iterator[Problem]:
    """Find columns of the leaderboard that no part gives a value."""
    content = document.content
    known = {"total", "seconds"}
    for _, question in _items(content, "questions"):
        known |= {str(part.get("id")).strip() for _, part in _items(question, "parts")}
    settings = content.get("gradescope") if isinstance(content, dict) else None
    for number, leader in _items(settings, "leaderboard"):
        value = leader.get("value")
        if isinstance(value, str) and value.strip() not in known:
            text = f"there is no part {value.strip()}; give `total`, `seconds` or a part's id"
            yield document.problem(("gradescope", "leaderboard", number, "value"), text)


_Identifier: TypeAlias = tuple[FieldPath, str, str, FieldPath]
"""Within what it must be the only one, what it identifies, the word itself, and where it stands."""


def _identifiers(content: Any) -> Iterator[_Identifier]:
    for q, question in _items(content, "questions"):
        yield from _named((), "question id", question, ("questions", q, "id"))
        for p, part in _items(question, "parts"):
            at: FieldPath = ("questions", q, "parts", p)
            yield from _named((), "part id", part, (*at, "id"))
            answers = [(at, part), *(((*at, "answers", a), answer) for a, answer in _items(part, "answers"))]
            for where, answer in answers:
                yield from _named(at, f"function in part {part.get('id')}", answer, (*where, "function"))
                yield from _named((), "written answer", answer, (*where, "written"))
                for c, case in _items(answer, "cases"):
                    label = f"case of `{answer.get('function')}` in part {part.get('id')}"
                    yield from _named(where, label, case, (*where, "cases", c, "name"))


def _items(content: Any, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    items = content.get(key) if isinstance(content, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield index, item


def _named(scope: FieldPath, kind: str, item: dict[str, Any], path: FieldPath) -> Iterator[_Identifier]:
    word = item.get(str(path[-1]))
    if isinstance(word, str):
        yield scope, kind, word.strip(), path
