"""Otter's test files to parts: one part for each file.

By otter's pages *Python Format* and *OK Format*, and its `test_files`:

1. With `OK_FORMAT = True`, or without it, a file has `test = {...}`: `name`, `points`, and one suite of cases,
   whose `code` is a doctest; a case may have `name`, `hidden` (true by default), `points`. What one case has given
   a name, the next one knows.
2. Otherwise it has `name`, `points`, and functions that are decorated with `@test_case(...)`: `name`, `points`,
   `hidden` (false by default); they raise when the case fails.
3. A notebook may hold both kinds in its metadata, under `otter` and `tests`.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

from grader.errors import UserError
from grader.importing.literals import shown
from grader.importing.model import UNKNOWN, Found, Imported, Left, NotPlainError
from grader.importing.parts import OF_A_FILE, OtterCase, add_part
from grader.importing.statements import Names, asserted, prepare, typed

_MAX_BYTES = 1 << 20
_MAX_NOTEBOOK_BYTES = 16 << 20
_MAX_FILES = 500
_DECORATOR: Final = ("name", "points", "hidden", "success_message", "failure_message")
_FAULTS: Final = (NotPlainError, SyntaxError, ValueError, TypeError, RecursionError, MemoryError)


def read_otter(source: Path) -> Imported:
    """Read a folder's tests in the order of their names, one test file, or a notebook's; nothing of them is run.

    Raises:
        UserError: it cannot be read, or holds no test.
    """
    try:
        if source.suffix == ".ipynb":
            return _read_notebook(source)
        files = [source] if source.is_file() else _in_order(source)
        texts = {file.name: _content(file) for file in files[:_MAX_FILES] if file.suffix == ".py"}
    except OSError as error:
        raise UserError(f"{source}: the tests cannot be read: {error.strerror}") from error
    if not texts:
        raise UserError(f"{source}: there is no test file (*.py) in this folder")
    imported = Imported((source.absolute().parent if source.is_file() else source.absolute()).name)
    for name, text in texts.items():
        _read(name, text, imported)
    imported.left += [
        Left(file.name, "", "only *.py is read in a folder") for file in files if file.name not in texts
    ]
    return imported


def _in_order(folder: Path) -> list[Path]:
    """Return what is in a folder; 2 before 10."""
    if not folder.exists():
        raise FileNotFoundError(2, "No such file or directory")
    names = (file for file in folder.iterdir() if not file.name.startswith((".", "__")))
    return sorted(names, key=lambda file: [(part.isdecimal(), int(part) if part.isdecimal() else 0, part)
                  for part in re.split(r"(\d+)", file.name)])  # fmt: skip


def _content(file: Path, most: int = _MAX_BYTES) -> bytes:
    if not file.is_file():
        return b""
    with file.open("rb") as stream:
        return stream.read(most + 1)


def _read_notebook(file: Path) -> Imported:
    content = _content(file, _MAX_NOTEBOOK_BYTES)
    if not content and not file.is_file():
        raise FileNotFoundError(2, "No such file or directory")
    try:
        tests = json.loads(content[:_MAX_NOTEBOOK_BYTES])["metadata"]["otter"]["tests"].items()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f"{file}: this notebook's metadata has no tests of otter's") from error
    imported = Imported(file.stem)
    for name, test in tests:
        label = f"{file.name}[{name}]"
        _read(label, test.encode() if isinstance(test, str) else test, imported)
    return imported


def _read(file: str, test: Any, imported: Imported) -> None:
    try:
        # A backslash too many is a warning of Python's, to whoever wrote the test.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if not isinstance(test, bytes):
                _ok_format(file, test, [], imported)
            elif len(test) > _MAX_BYTES:
                raise NotPlainError(f"it has more than {_MAX_BYTES} bytes")
            else:
                _read_source(file, ast.parse(test), imported)
    except _FAULTS as error:
        imported.left.append(
            Left(file, "", str(error) or type(error).__name__, getattr(error, "lineno", None) or 0)
        )


def _read_source(file: str, tree: ast.Module, imported: Imported) -> None:
    values: dict[str, ast.expr] = {}
    functions: dict[str, ast.FunctionDef] = {}
    names: Names = {}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(node, ast.Assign) and isinstance(target, ast.Name) and target.id in OF_A_FILE:
            values[target.id] = node.value
        elif isinstance(node, ast.FunctionDef):
            names[node.name] = UNKNOWN
            if _decorator(node) is not None:
                functions[node.name] = node
        else:
            try:
                prepare(node, names)
            except NotPlainError as error:
                imported.left.append(Left(file, "", f"{error}, and is not run", node.lineno))
    if "test" in values:
        try:
            test = ast.literal_eval(values["test"])
        except (ValueError, TypeError) as error:
            raise NotPlainError("its `test` is no plain dict") from error
        _ok_format(file, test, _code_lines(values["test"]), imported)
        return
    if not functions:
        raise NotPlainError("it has neither `test = {...}` nor a function with @test_case")
    about = {key: _plain_value(value) for key, value in values.items()}
    tests = []
    for name, node in functions.items():
        details = _decorator(node) or {}
        own = {key: value for key, value in names.items() if key not in {item.arg for item in node.args.args}}
        tests.append(OtterCase(str(details.get("name") or name), details, list(asserted(node.body, own))))
    add_part(file, about, tests, imported)


def _ok_format(file: str, test: Any, lines: list[tuple[int, bool]], imported: Imported) -> None:
    suites = test.get("suites") if isinstance(test, dict) else None
    if not isinstance(suites, list) or not suites or not all(isinstance(suite, dict) for suite in suites):
        raise NotPlainError("its `test` has no suites")
    tests: list[OtterCase] = []
    names: Names = {}
    for suite in suites:
        if suite.get("setup") or suite.get("teardown"):
            imported.left.append(Left(file, "", "its setup and teardown code is not run here"))
        cases = suite.get("cases")
        if not isinstance(cases, list) or suite.get("type", "doctest") != "doctest":
            imported.left.append(Left(file, "", "a suite of it holds no doctests"))
            continue
        for case in cases:
            line, spread = lines[len(tests)] if len(tests) < len(lines) else (0, False)
            about = {"hidden": True, **case} if isinstance(case, dict) else {}
            code = dedent(str(about.get("code", "")))
            found = (
                list(typed(code, line, names))
                if spread
                else [Found(line, item.what) for item in typed(code, 0, names)]
            )
            tests.append(OtterCase(str(about.get("name") or f"case {len(tests) + 1}"), about, found))
    add_part(file, test, tests, imported)


def _code_lines(test: ast.expr) -> list[tuple[int, bool]]:
    """Return where the `code` of each case begins, and whether its lines are lines of the file."""
    found = [
        value
        for node in ast.walk(test)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "code"
    ]
    return [(node.lineno, node.lineno != node.end_lineno) for node in found]


def _decorator(node: ast.FunctionDef) -> dict[str, Any] | None:
    """Return the arguments of a function's `@test_case(...)`; None when it has none."""
    for item in node.decorator_list:
        called = item.func if isinstance(item, ast.Call) else item
        if getattr(called, "id", getattr(called, "attr", "")) == "test_case":
            given = item if isinstance(item, ast.Call) else ast.Call(called, [], [])
            by_position = dict(zip(_DECORATOR, given.args, strict=False))
            by_name = {str(word.arg): word.value for word in given.keywords if word.arg}
            return {key: _plain_value(value) for key, value in {**by_position, **by_name}.items()}
    return None


def _plain_value(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError) as error:
        raise NotPlainError(f"`{shown(node)}` is no plain value") from error
