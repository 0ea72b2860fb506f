"""A test's expression to the call that it makes and the value that it must give.

What is understood: `f(1) == 2`, `np.isclose(f(1), 2)`, `np.allclose`, `math.isclose`, `np.array_equal`,
`(f(1) == x).all()`, `all(...)`, `abs(f(1) - 2) < 1e-6`, `round(f(1), 3) == 2.718`, `f(1)` and `not f(1)`;
`np.testing.assert_allclose(f(1), 2)` and its kind. The function may be `env["f"]`; `list(f(1))`, `float(f(1))` and
`f(1).tolist()` are `f(1)`, and so is a name that was given its answer.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from dataclasses import replace
from keyword import iskeyword
from typing import Any, Final

from grader.importing.literals import literal, name_of, number, shown
from grader.importing.model import Asked, NotPlainError, Theirs

Known = Mapping[str, Any]
_CLOSE: Final = frozenset({"isclose", "allclose", "assert_allclose"})
_EQUAL: Final = frozenset({"array_equal", "assert_array_equal", "assert_equal"})
_WRAPPERS: Final = frozenset({"float", "list", "tuple", "array", "asarray"})
_NUMPY: Final = {"rtol": 1e-5, "atol": 1e-8}
_MATH: Final = {"rtol": 1e-9, "atol": 0.0}
_ROUNDING: Final = 1e-15
"""Stands for no tolerance at all: less than the last bits of a float is none that a rubric takes."""
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
    node, tolerance = _rounded(node, known)
    node = _unwrapped(node)
    made = known.get(node.id) if isinstance(node, ast.Name) else None
    if isinstance(made, Asked):
        return replace(made, expect=expect, tolerance=tolerance or made.tolerance)
    function = theirs(node.func, known) if isinstance(node, ast.Call) else ""
    if not isinstance(node, ast.Call) or not function:
        raise NotPlainError(f"`{shown(node)}` is no plain call of a function")
    if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
        raise NotPlainError(f"`{shown(node)}` passes arguments by name; here they go by position")
    return Asked(function, tuple(literal(arg, known) for arg in node.args), expect, tolerance)


def _rounded(node: ast.expr, known: Known) -> tuple[ast.expr, dict[str, float] | None]:
    """Return what is rounded, and the tolerance that rounding means."""
    if not isinstance(node, ast.Call) or node.keywords or name_of(node.func) not in {"round", "around"}:
        return node, None
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    # `np.round(f(1), 2)` has what is rounded among its arguments, `f(1).round(2)` has not.
    (what, *places) = [owner, *node.args] if isinstance(owner, ast.Call) else node.args or [node]
    if len(places) > 1 or what is None:
        return node, None
    digits = number(places[0], known) if places else 0
    return what, {"rtol": 0.0, "atol": 0.5 * 10.0 ** -int(max(min(digits, 15), 0))}


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
            return replace(equal, tolerance=_possible(0.0, float(number(right, known))))
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
    return replace(equal, tolerance=_possible(**tolerance))


def _possible(rtol: float, atol: float) -> dict[str, float]:
    """Return a tolerance that a rubric can have.

    Raises:
        NotPlainError: it cannot.
    """
    if not 0 <= rtol < 1 or atol < 0:
        raise NotPlainError(f"a rubric cannot have a tolerance of {rtol:g} relative and {atol:g} absolute")
    return {"rtol": _ROUNDING if not atol and rtol < _ROUNDING else rtol, "atol": atol}


def _unwrapped(node: ast.expr) -> ast.expr:
    """Take off what only changes the kind of an answer."""
    while isinstance(node, ast.Call):
        inner = node.args[0] if len(node.args) == 1 and not node.keywords else None
        if name_of(node.func) in _WRAPPERS and isinstance(inner, (ast.Call, ast.Name)):
            node = inner
        elif isinstance(node.func, ast.Attribute) and node.func.attr in {"tolist", "item"} and not node.args:
            node = node.func.value
        else:
            break
    return node


def theirs(node: ast.expr, known: Known) -> str:
    """Return the name of the student's function that an expression is; empty when it is none."""
    if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "env":
        name = getattr(node.slice, "value", None)
        return name if isinstance(name, str) and name.isidentifier() and not iskeyword(name) else ""
    if not isinstance(node, ast.Name):
        return ""
    held = known.get(node.id)
    if isinstance(held, Theirs):
        return held.name
    return "" if node.id in known or hasattr(builtins, node.id) else node.id
