"""The statements of a test to what they ask; what the names in them hold is followed, and nothing is run.

1. `x = np.array([1, 2])` and `y = f(x)` give names to literals and to answers. What else gives a name a value, or
   may have changed one (`x.append(3)`, `for ...`), makes it unknown: a test of it is left, and never converted
   with a value that it no longer has.
2. A function that a test defines or imports is its own, and not the student's.
3. `assert`, `assert_allclose(...)` and an example with its output ask something. `a and b` asks both.
"""

from __future__ import annotations

import ast
import doctest
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from grader.importing.calls import answering, asked_by, theirs
from grader.importing.literals import literal, name_of, shown
from grader.importing.model import UNKNOWN, Asked, Found, NotPlainError, Theirs

Names: TypeAlias = dict[str, Any]
"""What names hold: a literal, an `Asked` for the answer of a call, `Theirs` for a function, or `UNKNOWN`."""


def asserted(body: Sequence[ast.stmt], names: Names) -> Iterator[Found]:
    """Yield what the statements of a test function ask."""
    for node in body:
        try:
            if isinstance(node, ast.Assert):
                for item in _conjuncts(node.test):
                    yield Found(node.lineno, asked_by(item, names))
                _touch(node, names)
            elif isinstance(node, ast.Expr) and _is_assertion(node.value):
                yield Found(node.lineno, asked_by(node.value, names))
            else:
                prepare(node, names)
        except NotPlainError as error:
            _touch(node, names)
            yield Found(node.lineno, error)


def typed(code: str, line: int, names: Names) -> Iterator[Found]:
    """Yield what the examples of a doctest ask.

    Args:
        code: the doctest.
        line: where it begins in its file; 0 where that is not known.
        names: what they hold, which the doctest changes.
    """
    try:
        examples = doctest.DocTestParser().get_examples(code)
    except ValueError as error:
        yield Found(line, NotPlainError(f"it is no doctest: {error}"))
        return
    for example in examples:
        here = line and line + example.lineno
        try:
            for asked in _example(example, names):
                yield Found(here, asked)
        except NotPlainError as error:
            yield Found(here, error)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            yield Found(here, NotPlainError(f"`{_first_line(example.source)}` or its output is no Python"))


def prepare(node: ast.stmt, names: Names) -> None:
    """Note what a statement prepares for the tests after it.

    Raises:
        NotPlainError: it does something else.
    """
    if isinstance(node, ast.Assign):
        try:
            for target, value in _pairs(node):
                names[target] = _value(value, names)
        except NotPlainError:
            _forget(node, names)
            raise
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            names[alias.asname or alias.name.partition(".")[0]] = UNKNOWN
    elif not isinstance(node, ast.Pass) and not _is_text(node):
        _forget(node, names)
        if isinstance(node, ast.Expr) and not shown(node).startswith("self.assert"):
            raise NotPlainError(f"`{shown(node)}` asserts nothing")
        raise NotPlainError(f"`{_first_line(ast.unparse(node))}` is more than a plain call")


def _example(example: doctest.Example, names: Names) -> Iterator[Asked]:
    (*before, node) = ast.parse(example.source).body or [ast.Pass()]
    want = example.want.strip()
    if example.exc_msg is not None or example.options.get(doctest.SKIP):
        _forget(ast.Module([*before, node], []), names)
        why = "is skipped" if example.exc_msg is None else "expects an exception"
        raise NotPlainError(f"`{_first_line(example.source)}` {why}")
    for statement in before:
        prepare(statement, names)
    try:
        if isinstance(node, ast.Assert) and not want:
            yield from (asked_by(item, names) for item in _conjuncts(node.test))
        elif isinstance(node, ast.Expr) and not want and _is_assertion(node.value):
            yield asked_by(node.value, names)
        elif isinstance(node, ast.Expr) and want:
            yield from _printed(node.value, want, names)
        elif want:
            _forget(node, names)
            raise NotPlainError(f"`{_first_line(example.source)}` is no single call with an answer")
        else:
            prepare(node, names)
    finally:
        _touch(node, names)


def _printed(node: ast.expr, want: str, names: Names) -> Iterator[Asked]:
    """Yield what an expression asks whose value, or what it prints, is `want`."""
    expect = literal(ast.parse(want, mode="eval").body, {})
    if isinstance(node, ast.Call) and name_of(node.func) == "print" and len(node.args) == 1 and not node.keywords:
        node = node.args[0]
        if isinstance(expect, str):
            raise NotPlainError(f"`{shown(node)}` is printed, and not its repr")
    if expect is True:
        yield from (asked_by(item, names) for item in _conjuncts(node))
    else:
        yield answering(node, expect, names)


def _value(node: ast.expr, names: Names) -> Any:
    if isinstance(node, ast.Subscript) and theirs(node, names):
        return Theirs(theirs(node, names))
    try:
        return literal(node, names)
    except NotPlainError as error:
        try:
            return answering(node, True, names)
        except NotPlainError:
            raise error from None


def _pairs(node: ast.Assign) -> list[tuple[str, ast.expr]]:
    """Return each name that an assignment gives a value, with that value."""
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Name) and len(node.targets) == 1:
        return [(target.id, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(node.targets) == 1:
        pairs = [(item.id, what) for item, what in zip(target.elts, value.elts, strict=False)
                 if isinstance(item, ast.Name)]  # fmt: skip
        given = {name for name, _ in pairs}
        reads = any(isinstance(item, ast.Name) and item.id in given for item in ast.walk(value))
        if len(pairs) == len(target.elts) == len(value.elts) and not reads:
            return pairs
    raise NotPlainError(f"`{_first_line(ast.unparse(node))}` is more than a plain call")


def _forget(node: ast.AST, names: Names) -> None:
    """Make unknown whatever a statement may have given another value."""
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and (not isinstance(item.ctx, ast.Load) or item.id in names):
            _spoil(item.id, names)
        elif isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names[item.name] = UNKNOWN
        elif isinstance(item, ast.alias):
            names[item.asname or item.name.partition(".")[0]] = UNKNOWN


def _touch(node: ast.stmt, names: Names) -> None:
    """Make unknown what an expression may have changed: `x.sort()`, `(x := 3)`."""
    if not isinstance(node, (ast.Expr, ast.Assert)):
        return
    for item in ast.walk(node):
        if isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute):
            owner = item.func.value
            if isinstance(owner, ast.Name) and isinstance(names.get(owner.id), (list, dict)):
                _spoil(owner.id, names)
        elif isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
            _spoil(item.id, names)


def _spoil(name: str, names: Names) -> None:
    """Make a name unknown, and every other one of the same list or array."""
    value = names.get(name)
    same = [other for other, held in names.items() if held is value and isinstance(held, (list, dict))]
    names.update(dict.fromkeys([name, *same], UNKNOWN))


def _conjuncts(node: ast.expr) -> list[ast.expr]:
    return node.values if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) else [node]


def _is_assertion(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and name_of(node.func).startswith("assert_")


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _first_line(text: str) -> str:
    return text.strip().split("\n", maxsplit=1)[0][:60]
