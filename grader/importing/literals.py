"""A literal in a test to a value as a rubric writes it; nothing is evaluated but numbers' arithmetic."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from grader.importing.model import UNKNOWN, Asked, NotPlainError, Theirs

_CONSTANTS: Final = {"pi": math.pi, "e": math.e}
_ARITHMETIC: Final[dict[type, Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
_NUMBERS: Final = frozenset({"float", "int", "float64", "float32", "int64", "int32"})
_ARRAYS: Final = frozenset({"array", "asarray"})
_SHAPED: Final = frozenset({"zeros", "ones", "eye", "identity"})
_RANGES: Final = frozenset({"arange", "linspace"})
_MOST: Final = 100_000
_TRUTHS: Final = {"True_": True, "False_": False}
_LARGEST: Final = 1e300


def literal(node: ast.expr, known: Mapping[str, Any]) -> Any:
    """Return the value that an expression is, as a rubric writes it.

    Args:
        node: the expression.
        known: values of names that were assigned before.

    Raises:
        NotPlainError: it is no literal, or one that a rubric cannot hold.
    """
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    if isinstance(node, (ast.List, ast.Tuple)):
        return {"list" if isinstance(node, ast.List) else "tuple": [literal(item, known) for item in node.elts]}
    if isinstance(node, ast.Name) and node.id in known:
        return _held(node.id, known)
    if isinstance(node, ast.Attribute) and node.attr in _TRUTHS:
        return _TRUTHS[node.attr]
    if isinstance(node, ast.Call):
        return _made(node, known)
    return number(node, known)


def _held(name: str, known: Mapping[str, Any]) -> Any:
    value = known[name]
    if isinstance(value, (Asked, Theirs)):
        raise NotPlainError(f"`{name}` is the student's, and no literal value")
    if value is UNKNOWN:
        raise NotPlainError(f"what `{name}` is follows from more than plain values")
    return value


def number(node: ast.expr, known: Mapping[str, Any]) -> int | float:
    """Return the number that an expression is.

    Raises:
        NotPlainError: it is none.
    """
    value: Any = None
    if isinstance(node, ast.Constant):
        value = node.value
    elif isinstance(node, ast.Name):
        value = known.get(node.id)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        value = _CONSTANTS.get(node.attr) if node.value.id in {"np", "numpy", "math"} else None
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        inner = number(node.operand, known)
        value = -inner if isinstance(node.op, ast.USub) else inner
    elif isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        try:
            value = _ARITHMETIC[type(node.op)](number(node.left, known), number(node.right, known))
        except ArithmeticError as error:
            raise NotPlainError(f"`{ast.unparse(node)}` is no number") from error
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < _LARGEST:
        raise NotPlainError(f"`{shown(node)}` is no literal value")
    return value


def shown(node: ast.AST) -> str:
    """Return the text of an expression, as much as fits a line."""
    text = ast.unparse(node).replace("\n", " ")
    return text if len(text) <= 60 else f"{text[:60]}..."


def name_of(function: ast.expr) -> str:
    """Return the last part of a function's name: `isclose` for `np.isclose`."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _constant(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        if isinstance(value, str) and not value.isprintable():
            raise NotPlainError("a text of several lines cannot be an argument or an answer here")
        if not isinstance(value, float) or math.isfinite(value):
            return value
    raise NotPlainError(f"`{value!r:.60}` is a value that a rubric cannot hold")


def _made(node: ast.Call, known: Mapping[str, Any]) -> Any:
    """Return what `np.array([...])`, `np.float64(3)` and the like make."""
    name = name_of(node.func)
    if name in _NUMBERS and len(node.args) == 1 and not node.keywords:
        return number(node.args[0], known)
    if name in _ARRAYS and len(node.args) == 1:
        rows = _rows(node.args[0], known)
        dtypes = [_dtype(keyword.value) for keyword in node.keywords if keyword.arg == "dtype"]
        if len(dtypes) == len(node.keywords):
            return _array(rows, dtypes[0] if dtypes else "")
    if name in _SHAPED | _RANGES and not node.keywords and isinstance(node.func, ast.Attribute):
        return _filled(name, node.args, known)
    raise NotPlainError(f"`{shown(node)}` is no literal value")


def _filled(name: str, given: list[ast.expr], known: Mapping[str, Any]) -> Any:
    """Return what `np.zeros((2, 3))`, `np.arange(5)` and the like make: the rubric has makers for these."""
    (first, *more) = given or [ast.Constant(None)]
    several = isinstance(first, (ast.Tuple, ast.List)) and name in _SHAPED - {"eye", "identity"}
    sizes = [number(item, known) for item in (first.elts if several else given)]  # type: ignore[attr-defined]  # a Tuple
    whole = all(isinstance(size, int) for size in sizes)
    if name in _SHAPED and whole and not (several and more) and (several or len(sizes) == 1):
        if all(0 <= size <= _MOST for size in sizes) and math.prod(sizes) <= _MOST:
            return {"identity": sizes[0]} if name in {"eye", "identity"} else {name: sizes}
    elif name == "arange" and len(sizes) <= 3 and (len(sizes) < 3 or sizes[2]):
        start, stop = (sizes[0], sizes[1]) if len(sizes) > 1 else (0, sizes[0])
        if abs((stop - start) / (sizes[2] if len(sizes) == 3 else 1)) <= _MOST:
            return {"arange": sizes, "dtype": "int64"} if whole else {"arange": sizes}
    elif name == "linspace" and len(sizes) == 3 and isinstance(sizes[2], int) and 0 < sizes[2] <= _MOST:
        return {"linspace": sizes}
    raise NotPlainError(f"`{name}` of these arguments is no literal value")


def _dtype(node: ast.expr) -> str:
    text = node.value if isinstance(node, ast.Constant) else name_of(node)
    return text if isinstance(text, str) and text else "that is no name"


def _array(rows: Any, dtype: str) -> Any:
    items = list(_flat(rows))
    if items and dtype in {"", "bool", "bool_"} and all(isinstance(item, bool) for item in items):
        return {"array": rows, "dtype": "bool"}
    if any(isinstance(item, bool) for item in items):
        raise NotPlainError("an array of truth values and numbers")
    whole = bool(items) and all(isinstance(item, int) for item in items)
    if dtype in {"int", "int64"} or (not dtype and whole):
        return {"array": rows, "dtype": "int64"}
    if dtype in {"", "float", "float64"}:
        return rows
    raise NotPlainError(f"an array of dtype {dtype}")


def _rows(node: ast.expr, known: Mapping[str, Any]) -> list[Any]:
    if isinstance(node, ast.Name) and isinstance(known.get(node.id), dict):
        return list(_bare(known[node.id], node))
    if not isinstance(node, (ast.List, ast.Tuple)):
        raise NotPlainError(f"`{shown(node)}` is no literal value")
    return [
        _rows(item, known) if isinstance(item, (ast.List, ast.Tuple)) else _entry(item, known)
        for item in node.elts
    ]


def _bare(value: Any, node: ast.expr) -> Any:
    """Return a list or tuple of a rubric's, in which nothing but numbers stand, as plain lists."""
    if isinstance(value, dict) and set(value) in ({"list"}, {"tuple"}):
        return [_bare(item, node) for item in next(iter(value.values()))]
    if isinstance(value, (int, float)):
        return value
    raise NotPlainError(f"`{shown(node)}` is no literal value")


def _entry(node: ast.expr, known: Mapping[str, Any]) -> int | float:
    is_truth = isinstance(node, ast.Constant) and isinstance(node.value, bool)
    return node.value if is_truth else number(node, known)  # type: ignore[attr-defined]  # a Constant


def _flat(rows: Any) -> Any:
    for item in rows:
        yield from _flat(item) if isinstance(item, list) else [item]
