"""A test's expression to the call that it makes and the value that it must give.

What is understood: `f(1) == 2`, `np.isclose(f(1), 2)`, `np.allclose`, `math.isclose`, `np.array_equal`,
`(f(1) == x).all()`, `all(...)`, `abs(f(1) - 2) < 1e-6`, `round(f(1), 3) == 2.718`, `f(1)` and `not f(1)`;
`np.testing.assert_allclose(f(1), 2)` and its kind. The function may be `env["f"]`; `list(f(1))`, `float(f(1))` and
`f(1).tolist()` are `f(1)`.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from typing import Any, Final

from grader.importing.literals import literal, name_of, number, shown
from grader.importing.model import Asked, NotPlainError

Known = Mapping[str, Any]
_CLOSE: Final = frozenset({"isclose", "allclose", "assert_allclose"})
_EQUAL: Final = frozenset({"array_equal", "assert_array_equal", "assert_equal"})
_WRAPPERS: Final = frozenset({"float", "int", "list", "tuple", "array", "asarray"})
_NUMPY: Final = {"rtol": 1e-5, "atol": 1e-8}
_MATH: Final = {"rtol": 1e-9, "atol": 0.0}
_NAMES: Final = {"rel_tol": "rtol", "abs_tol": "atol", "rtol": "rtol", "atol": "atol"}


def asked_by(node: ast.expr, known: Known) -> Asked:
    """Return what an expression asks that must be true.

    Raises:
        NotPlainError: it is no plain call with an expected value.
    """
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return answering(node.operand, False, known)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _compared(node.left, node.ops[0], node.comparators[0], known)
    if isinstance(node, ast.Call):
        name = name_of(node.func)
        if name in _CLOSE or name in _EQUAL:
            return _close(node, name, known)
        if name == "all":
            inner = node.args[0] if node.args else getattr(node.func, "value", None)
            if isinstance(inner, (ast.Compare, ast.Call)):
                return asked_by(inner, known)
    return answering(node, True, known)


def answering(node: ast.expr, expect: Any, known: Known) -> Asked:
    """Return what an expression asks that must have the value `expect`.

    Raises:
        NotPlainError: it is no plain call.
    """
    if expect is None:
        raise NotPlainError("None cannot be an expected answer")
    tolerance = None
    if isinstance(node, ast.Call) and name_of(node.func) in {"round", "around"} and 1 <= len(node.args) <= 2:
        digits = number(node.args[1], known) if len(node.args) == 2 else 0
        tolerance = {"rtol": 0.0, "atol": 0.5 * 10.0 ** -int(max(min(digits, 15), 0))}
        node = node.args[0]
    node = _unwrapped(node)
    function = _function(node)
    if not isinstance(node, ast.Call) or not function:
        raise NotPlainError(f"`{shown(node)}` is no plain call of a function")
    if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
        raise NotPlainError(f"`{shown(node)}` passes arguments by name; here they go by position")
    return Asked(function, tuple(literal(arg, known) for arg in node.args), expect, tolerance)


def _compared(left: ast.expr, operator: ast.cmpop, right: ast.expr, known: Known) -> Asked:
    if isinstance(operator, (ast.Eq, ast.Is)):
        try:
            return answering(left, literal(right, known), known)
        except NotPlainError as error:
            try:
                return answering(right, literal(left, known), known)
            except NotPlainError:
                raise error from None
    is_small = isinstance(operator, (ast.Lt, ast.LtE)) and isinstance(left, ast.Call)
    if is_small and name_of(left.func) in {"abs", "fabs"} and len(left.args) == 1:  # type: ignore[attr-defined]  # a Call
        inner = left.args[0]  # type: ignore[attr-defined]  # the same
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub):
            equal = _compared(inner.left, ast.Eq(), inner.right, known)
            limit = float(number(right, known))
            return Asked(equal.function, equal.args, equal.expect, {"rtol": 0.0, "atol": limit})
    raise NotPlainError("it compares by something else than equality or a tolerance")


def _close(node: ast.Call, name: str, known: Known) -> Asked:
    if len(node.args) < 2:
        raise NotPlainError(f"`{shown(node)}` compares nothing")
    equal = _compared(node.args[0], ast.Eq(), node.args[1], known)
    if name in _EQUAL:
        return equal
    is_math = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "math"
    tolerance = dict({"rtol": 1e-7, "atol": 0.0} if name == "assert_allclose" else _MATH if is_math else _NUMPY)
    for position, value in zip(("rtol", "atol"), node.args[2:4], strict=False):
        tolerance[position] = float(number(value, known))
    for keyword in node.keywords:
        if keyword.arg in _NAMES:
            tolerance[_NAMES[keyword.arg]] = float(number(keyword.value, known))
        elif keyword.arg not in {"err_msg", "verbose"}:
            raise NotPlainError(f"`{keyword.arg}` of `{name}` has no counterpart here")
    return Asked(equal.function, equal.args, equal.expect, tolerance)


def _unwrapped(node: ast.expr) -> ast.expr:
    """Take off what only changes the kind of an answer."""
    while isinstance(node, ast.Call):
        if name_of(node.func) in _WRAPPERS and len(node.args) == 1 and isinstance(node.args[0], ast.Call):
            node = node.args[0]
        elif isinstance(node.func, ast.Attribute) and node.func.attr in {"tolist", "item"} and not node.args:
            node = node.func.value
        else:
            break
    return node


def _function(node: ast.expr) -> str:
    """Return the name of the function that a call calls; empty when it is not the student's."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Subscript) and isinstance(function.slice, ast.Constant):
        name = function.slice.value
        return name if isinstance(name, str) and name.isidentifier() else ""
    return function.id if isinstance(function, ast.Name) and not hasattr(builtins, function.id) else ""
