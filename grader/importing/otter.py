"""Otter's test files to parts: one part for each file.

By otter's pages *Python Format* and *OK Format*:

1. With `OK_FORMAT = True`, or without it, a file has `test = {...}`: `name`, `points`, and one suite of cases,
   whose `code` is a doctest; a case may have `name`, `hidden`, `points`.
2. Otherwise it has `name`, `points`, and functions that are decorated with `@test_case(...)`: `name`, `points`,
   `hidden`; they raise when the case fails.
3. Points are resolved by otter's rules (`resolved`).

A doctest or a function of several calls becomes as many cases, which share its points: here each earns its own.
"""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.errors import UserError
from grader.importing.calls import answering, asked_by
from grader.importing.literals import literal
from grader.importing.model import Asked, Case, Imported, Left, NotPlainError, Part

_MAX_BYTES = 1 << 20
_MAX_FILES = 500


def read_otter(folder: Path) -> Imported:
    """Read the tests in a folder, in the order of their names; nothing of them is run.

    Raises:
        UserError: it cannot be read, or holds no test file.
    """
    try:
        files = sorted(folder.glob("*.py"), key=lambda file: [int(part) if part.isdecimal() else part for part in
                       re.split(r"(\d+)", file.name)])  # fmt: skip
        texts = {file.name: file.read_bytes()[: _MAX_BYTES + 1] for file in files[:_MAX_FILES] if file.is_file()}
    except OSError as error:
        raise UserError(f"{folder}: the tests cannot be read: {error.strerror}") from error
    if not texts:
        raise UserError(f"{folder}: there is no test file (*.py) in this folder")
    imported = Imported(folder.absolute().name)
    for name, text in texts.items():
        try:
            _read_file(name, text, imported)
        except (NotPlainError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
            imported.left.append(Left(name, "", str(error) or type(error).__name__))
    return imported


def resolved(total: Any, cases: Sequence[Any]) -> tuple[Fraction, list[Fraction]]:
    """Return the points of a test file and of each of its cases, where `None` is not specified."""
    given = [None if item is None else Fraction(str(item)) for item in cases]
    known = sum((item for item in given if item is not None), Fraction(0))
    open_ = sum(item is None for item in given)
    if total is None:
        whole = known if known or not open_ else Fraction(1)
        share = Fraction(0) if known or not open_ else Fraction(1, open_)
    else:
        whole = Fraction(str(total))
        share = max(whole - known, Fraction(0)) / open_ if open_ else Fraction(0)
    return whole, [share if item is None else item for item in given]


def _read_file(file: str, source: bytes, imported: Imported) -> None:
    if len(source) > _MAX_BYTES:
        raise NotPlainError(f"it has more than {_MAX_BYTES} bytes")
    tree = ast.parse(source)
    values = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    if "test" in values:
        try:
            test = ast.literal_eval(values["test"])
        except ValueError as error:
            raise NotPlainError("its `test` is no plain dict") from error
        _ok_format(file, test, imported)
        return
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and _decorator(node) is not None]
    if not functions:
        raise NotPlainError("it has neither `test = {...}` nor a function with @test_case")
    name, points = (ast.literal_eval(values[key]) if key in values else None for key in ("name", "points"))
    details = [_decorator(node) or {} for node in functions]
    labels = [str(about.get("name") or node.name) for node, about in zip(functions, details, strict=True)]
    bodies = [list(_asserted(node.body)) for node in functions]
    _part(file, name, points, list(zip(labels, details, bodies, strict=True)), imported)


def _ok_format(file: str, test: Any, imported: Imported) -> None:
    suites = test.get("suites") if isinstance(test, dict) else None
    if not isinstance(suites, list) or not suites or not all(isinstance(suite, dict) for suite in suites):
        raise NotPlainError("its `test` has no suites")
    cases = [case for suite in suites for case in suite.get("cases", []) if isinstance(case, dict)]
    labels = [str(case.get("name") or f"case {number}") for number, case in enumerate(cases, 1)]
    bodies = [list(_typed(str(case.get("code", "")))) for case in cases]
    for suite in suites:
        if suite.get("setup") or suite.get("teardown"):
            imported.left.append(Left(file, "", "its setup and teardown code is not run here"))
    points = test.get("points")
    total = None if isinstance(points, (list, dict)) else points
    details = [dict(case) for case in cases]
    if isinstance(points, list) and len(points) == len(details):
        details = [{**about, "points": each} for about, each in zip(details, points, strict=True)]
    _part(file, test.get("name"), total, list(zip(labels, details, bodies, strict=True)), imported)


_Found = list[Asked | NotPlainError]


def _part(
    file: str, name: Any, points: Any, tests: list[tuple[str, dict[str, Any], _Found]], imported: Imported
) -> None:
    """Add the part that a file makes, and to what is left what it could not become."""
    whole, shares = resolved(points, [about.get("points") for _, about, _ in tests])
    cases: list[Case] = []
    for (label, about, found), share in zip(tests, shares, strict=True):
        plain = [item for item in found if isinstance(item, Asked)]
        why = [str(item) for item in found if isinstance(item, NotPlainError)] or [
            "" if plain else "it tests nothing"
        ]
        if plain and not share and whole:
            plain, why = [], [*why, "it is worth 0 points, and here each case counts"]
        if len(plain) > 1:
            why.append(f"its {len(plain)} calls share its points: each earns its own")
        imported.left += [Left(file, label, item) for item in why if item]
        given = str(about.get("name") or "")[:300]
        hidden = bool(about.get("hidden", False))
        weight = share / len(plain) if plain else Fraction(0)
        cases += [Case(item, given if given.isprintable() else "", hidden, weight) for item in plain]
    label = name if isinstance(name, str) and name.strip() else Path(file).stem
    if not cases:
        imported.left.append(
            Left(file, "", f"nothing of it could be converted, and its {float(whole):g} points are missing")
        )
        return
    part = Part(label, label, Decimal(str(float(whole))), tuple(cases))
    if len(part.functions) > 1:
        imported.left.append(Left(file, "", f"its points are split evenly among {', '.join(part.functions)}"))
    imported.parts.append(part)


def _decorator(node: ast.FunctionDef) -> dict[str, Any] | None:
    """Return the arguments of a function's `@test_case(...)`; None when it has none."""
    for item in node.decorator_list:
        called = item.func if isinstance(item, ast.Call) else item
        if getattr(called, "id", getattr(called, "attr", "")) == "test_case":
            keywords = item.keywords if isinstance(item, ast.Call) else []
            return {str(word.arg): ast.literal_eval(word.value) for word in keywords if word.arg}
    return None


def _asserted(body: Sequence[ast.stmt]) -> Iterator[Asked | NotPlainError]:
    """Yield what the statements of a test function ask."""
    known: dict[str, Any] = {}
    for node in body:
        try:
            if isinstance(node, ast.Assert):
                yield asked_by(node.test, known)
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                yield asked_by(node.value, known)
            else:
                _prepared(node, known)
        except NotPlainError as error:
            yield error


def _typed(code: str) -> Iterator[Asked | NotPlainError]:
    """Yield what the examples of a doctest ask; they are parsed, not run."""
    known: dict[str, Any] = {}
    try:
        examples = doctest.DocTestParser().get_examples(code)
    except ValueError as error:
        yield NotPlainError(f"it is no doctest: {error}")
        return
    for example in examples:
        try:
            yield from _example(example, known)
        except NotPlainError as error:
            yield error
        except (SyntaxError, ValueError, RecursionError):
            yield NotPlainError(f"`{example.source.strip()[:60]}` or its output is no Python")


def _example(example: doctest.Example, known: dict[str, Any]) -> Iterator[Asked]:
    (node, *more) = ast.parse(example.source).body or [ast.Pass()]
    want = example.want.strip()
    if more or example.exc_msg is not None:
        raise NotPlainError(f"`{example.source.strip()[:60]}` is no single call with an answer")
    if isinstance(node, ast.Assert) and not want:
        yield asked_by(node.test, known)
    elif isinstance(node, ast.Expr):
        if not want:
            raise NotPlainError(f"`{example.source.strip()[:60]}` expects nothing")
        expect = literal(ast.parse(want, mode="eval").body, {})
        yield asked_by(node.value, known) if expect is True else answering(node.value, expect, known)
    else:
        _prepared(node, known)


def _prepared(node: ast.stmt, known: dict[str, Any]) -> None:
    """Note what a statement prepares for the tests after it.

    Raises:
        NotPlainError: it does something else.
    """
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        known.pop(node.targets[0].id, None)
        known[node.targets[0].id] = literal(node.value, known)
    elif not isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass)):
        text = ast.unparse(node).split("\n", maxsplit=1)[0]
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            raise NotPlainError(f"`{text[:60]}` is more than a plain call")
