"""Which statements of a module are definitions, and can run when the rest of its top level cannot."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_CALLS_NOTHING = (
    ast.Attribute,
    ast.BinOp,
    ast.BoolOp,
    ast.Compare,
    ast.Constant,
    ast.Dict,
    ast.IfExp,
    ast.List,
    ast.Name,
    ast.Set,
    ast.Slice,
    ast.Starred,
    ast.Subscript,
    ast.Tuple,
    ast.UnaryOp,
)
# Calls that make a function or a constant and return at once.
_MAKERS = frozenset({
    "arange", "array", "asarray", "default_rng", "dict", "dtype", "exp", "eye", "finfo", "float",
    "float32", "float64", "full", "iinfo", "int", "int64", "len", "linspace", "list", "log", "max",
    "min", "namedtuple", "ones", "partial", "range", "set", "sqrt", "tuple", "vectorize", "zeros",
})  # fmt: skip


def definitions(tree: ast.Module, complete_until: int) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield the statements of the module, each with whether it is to run.

    Imports, functions, classes and simple assignments run; `try`, `with` and `if` blocks are opened and their
    statements looked at one by one. Docstrings and the `if __name__ == ...` block are not worth a mention and not
    yielded.

    Args:
        tree: the module.
        complete_until: statements that end before this line run whatever they are.
    """
    first = [node for node in tree.body if (node.end_lineno or node.lineno) < complete_until]
    yield from ((node, True) for node in first)
    for node in tree.body[len(first) :]:
        try:
            yield from list(_statements([node]))
        except RecursionError:
            # A sum of a thousand terms, say: it must not cost all others.
            yield node, False


def _statements(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, bool]]:
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node, True
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            yield node, node.value is None or _simple(node.value)
        elif isinstance(node, ast.Try) and _is_all_definitions(node):
            yield node, True
        elif isinstance(node, (ast.Try, ast.With)):
            yield from _statements(node.body)
        elif isinstance(node, ast.If):
            yield from _branches(node)
        elif not (isinstance(node, ast.Pass) or _is_text(node)):
            yield node, False


def _branches(node: ast.If) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield an `if` reduced to its definitions, so that the branch is run that holds; then what was left out."""
    if _is_main_guard(node):
        return
    if not _simple(node.test):
        yield from _statements(node.body)
        return
    found = [list(_statements(body)) for body in (node.body, node.orelse)]
    body, orelse = ([item for item, kept in branch if kept] for branch in found)
    yield ast.copy_location(ast.If(node.test, body or [ast.copy_location(ast.Pass(), node)], orelse), node), True
    yield from ((item, False) for branch in found for item, kept in branch if not kept)


def _is_all_definitions(node: ast.Try) -> bool:
    """Whether this is the usual `try: import ... except ImportError: name = None`, or a definition instead."""
    bodies = [node.body, node.orelse, node.finalbody, *(handler.body for handler in node.handlers)]
    return all(kept for body in bodies for _, kept in _statements(body))


def _simple(value: ast.expr) -> bool:
    """Whether an expression makes a constant or a function, and surely ends."""
    if isinstance(value, ast.Lambda):
        return True
    if isinstance(value, ast.Call):
        function = value.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        arguments = [*value.args, *(keyword.value for keyword in value.keywords)]
        return name in _MAKERS and all(map(_simple, arguments))
    if isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Pow, ast.LShift, ast.Mult)):
        # 10 ** 10 ** 9 and [0] * 10 ** 9 are constants that never end.
        return _small(value.left) and _small(value.right)
    return isinstance(value, _CALLS_NOTHING) and all(
        _simple(child) for child in ast.iter_child_nodes(value) if isinstance(child, ast.expr)
    )


def _small(value: ast.expr) -> bool:
    if isinstance(value, ast.UnaryOp):
        return _small(value.operand)
    return isinstance(value, ast.Name) or (
        isinstance(value, ast.Constant) and isinstance(value.value, (int, float)) and abs(value.value) < 1000
    )


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_main_guard(node: ast.If) -> bool:
    return any(isinstance(child, ast.Name) and child.id == "__name__" for child in ast.walk(node.test))
