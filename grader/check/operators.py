"""What a slip can make of one node of Python's syntax tree: the mutation operators."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Change: TypeAlias = tuple[str, ast.AST]
"""The operator's name, and what stands in the node's place."""

_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.MatMult: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
}  # fmt: skip
_ONE_SIDED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.MatMult, ast.Pow)
"""Operators whose operands cannot change places."""

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}  # fmt: skip

_RELATIVES = {
    "min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "argmin": "argmax", "argmax": "argmin",
    "sum": "mean", "mean": "sum", "prod": "sum", "std": "var", "var": "std", "any": "all", "all": "any",
    "zeros": "ones", "ones": "zeros", "zeros_like": "ones_like", "ones_like": "zeros_like", "floor": "ceil",
    "ceil": "floor", "log1p": "log", "expm1": "exp", "log": "log2", "logaddexp": "maximum", "sin": "cos",
    "cos": "sin",
}  # fmt: skip
"""Functions and methods that are taken for one another."""

_CASTS = frozenset(
    {"float", "int", "bool", "tuple", "list", "len", "range", "enumerate", "zip", "isinstance", "print"}
)
"""Without them most answers are the same to a judge who looks at values, or none at all."""


def changes(node: ast.AST) -> Iterator[Change]:
    """Yield what can stand in the place of `node`, which is left as it is."""
    for make in _MAKERS.get(type(node), ()):
        yield from make(node)


def _binary(node: ast.BinOp) -> Iterator[Change]:
    other = _ARITHMETIC.get(type(node.op))
    if other is not None:
        yield "arithmetic", ast.BinOp(node.left, other(), node.right)
        yield "term", node.left
        yield "term", node.right
    if isinstance(node.op, _ONE_SIDED):
        yield "order", ast.BinOp(node.right, node.op, node.left)


def _augmented(node: ast.AugAssign) -> Iterator[Change]:
    other = _ARITHMETIC.get(type(node.op))
    if other is not None:
        yield "arithmetic", ast.AugAssign(node.target, other(), node.value)
    yield "statement", ast.Pass()


def _compare(node: ast.Compare) -> Iterator[Change]:
    for number, operator in enumerate(node.ops):
        for other in _COMPARISONS.get(type(operator), ()):
            ops = [*node.ops[:number], other(), *node.ops[number + 1 :]]
            yield "comparison", ast.Compare(node.left, ops, node.comparators)


def _boolean(node: ast.BoolOp) -> Iterator[Change]:
    yield "boolean", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for value in node.values:
        yield "boolean", value


def _unary(node: ast.UnaryOp) -> Iterator[Change]:
    yield "sign" if isinstance(node.op, (ast.USub, ast.UAdd)) else "boolean", node.operand


def _constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, (int, float)):
        kind = type(value)
        for other in dict.fromkeys((kind(0), kind(1), kind(2), value + 1, value - 1, -value)):
            if other != value:
                yield "constant", _number(other)


def _number(value: float) -> ast.expr:
    # As the parser writes a negative number.
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def _condition(node: ast.If | ast.IfExp | ast.While) -> Iterator[Change]:
    negated = copy.deepcopy(node)
    negated.test = ast.UnaryOp(ast.Not(), negated.test)
    yield "condition", negated
    if isinstance(node, ast.IfExp):
        yield "condition", node.body
        yield "condition", node.orelse
    if isinstance(node, ast.If):
        yield "statement", ast.Pass()


def _comprehension(node: ast.comprehension) -> Iterator[Change]:
    for number, test in enumerate(node.ifs):
        for others in ([], [ast.UnaryOp(ast.Not(), test)]):
            ifs = [*node.ifs[:number], *others, *node.ifs[number + 1 :]]
            yield "condition", ast.comprehension(node.target, node.iter, ifs, node.is_async)


def _call(node: ast.Call) -> Iterator[Change]:
    name = _name(node.func)
    if name in _RELATIVES:
        yield "function", _with(node, func=_renamed(node.func, _RELATIVES[name]))
    plain = [number for number, argument in enumerate(node.args) if not isinstance(argument, ast.Starred)]
    if name == "range":
        for number in plain:
            yield from (("range", _with_argument(node, number, moved)) for moved in _moved(node.args[number]))
    for number in plain[:-1]:
        args = [*node.args]
        args[number], args[number + 1] = args[number + 1], args[number]
        yield "arguments", _with(node, args=args)
    if name not in _CASTS:
        yield from _wrapped(node, plain)
    yield from _keywords(node)


def _wrapped(node: ast.Call, plain: list[int]) -> Iterator[Change]:
    """Yield the call's argument, or a method's object, without the call; and the call with an argument negated."""
    if plain:
        yield "call", node.args[plain[0]]
    elif isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Name):
        yield "call", node.func.value
    for number in plain:
        argument = node.args[number]
        if not isinstance(argument, (ast.Constant, ast.UnaryOp, ast.Tuple, ast.List, ast.Lambda)):
            yield "sign", _with_argument(node, number, ast.UnaryOp(ast.USub(), argument))


def _keywords(node: ast.Call) -> Iterator[Change]:
    for number, keyword in enumerate(node.keywords):
        rest = [*node.keywords[:number], *node.keywords[number + 1 :]]
        if keyword.arg in {"keepdims", "axis"}:
            yield keyword.arg, _with(node, keywords=rest)
        if keyword.arg == "axis":
            is_first = isinstance(keyword.value, ast.Constant) and keyword.value.value == 0
            other = ast.keyword("axis", ast.Constant(1 if is_first else 0))
            yield "axis", _with(node, keywords=[*rest, other])


def _subscript(node: ast.Subscript) -> Iterator[Change]:
    items = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    for number, item in enumerate(items):
        for operator, other in _slice(item) if isinstance(item, ast.Slice) else _index(item):
            replaced = [*items[:number], other, *items[number + 1 :]]
            where = ast.Tuple(replaced, ast.Load()) if isinstance(node.slice, ast.Tuple) else other
            yield operator, ast.Subscript(node.value, where, node.ctx)
    if len(items) == 2:
        yield "index", ast.Subscript(node.value, ast.Tuple(items[::-1], ast.Load()), node.ctx)


def _slice(node: ast.Slice) -> Iterator[tuple[str, ast.expr]]:
    lower, upper, step = node.lower, node.upper, node.step
    for other in _moved(lower) if lower else [ast.Constant(1)]:
        yield "slice", ast.Slice(other, upper, step)
    for other in _moved(upper) if upper else [_number(-1)]:
        yield "slice", ast.Slice(lower, other, step)
    for kept in ((None, upper, step), (lower, None, step), (lower, upper, None)):
        if kept != (lower, upper, step):
            yield "slice", ast.Slice(*kept)


def _index(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if _name(node) not in {"newaxis", "None", "Ellipsis"}:
        yield from (("index", moved) for moved in _moved(node))


def _moved(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what is one more and one less; a constant has an operator of its own."""
    number = node.operand if isinstance(node, ast.UnaryOp) else node
    if not isinstance(number, (ast.Constant, ast.Starred)):
        yield ast.BinOp(node, ast.Add(), ast.Constant(1))
        yield ast.BinOp(node, ast.Sub(), ast.Constant(1))


def _attribute(node: ast.Attribute) -> Iterator[Change]:
    if node.attr == "T":
        yield "transpose", node.value


def _return(node: ast.Return) -> Iterator[Change]:
    value = node.value
    if isinstance(value, ast.Tuple) and len(value.elts) > 1:
        for number, item in enumerate(value.elts):
            yield "return", ast.Return(item)
            if number:
                items = [*value.elts]
                items[number - 1 : number + 1] = items[number], items[number - 1]
                yield "return", ast.Return(ast.Tuple(items, ast.Load()))
    elif value is not None and not isinstance(value, (ast.UnaryOp, ast.Constant)):
        yield "sign", ast.Return(ast.UnaryOp(ast.USub(), value))


def _statement(node: ast.Expr | ast.Assign) -> Iterator[Change]:
    # Without its only assignment there is no name, which any case sees; a text in a line of its own does nothing.
    targets = [node.value] if isinstance(node, ast.Expr) else node.targets
    if not all(isinstance(target, (ast.Name, ast.Tuple, ast.Constant)) for target in targets):
        yield "statement", ast.Pass()


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _renamed(node: ast.expr, name: str) -> ast.expr:
    return (
        ast.Attribute(node.value, name, node.ctx)
        if isinstance(node, ast.Attribute)
        else ast.Name(name, ast.Load())
    )


def _with(node: ast.Call, **fields: Any) -> ast.Call:
    given = {"func": node.func, "args": node.args, "keywords": node.keywords, **fields}
    return ast.Call(given["func"], given["args"], given["keywords"])


def _with_argument(node: ast.Call, number: int, argument: ast.expr) -> ast.Call:
    return _with(node, args=[*node.args[:number], argument, *node.args[number + 1 :]])


_MAKERS: dict[type[ast.AST], tuple[Callable[[Any], Iterator[Change]], ...]] = {
    ast.BinOp: (_binary,), ast.AugAssign: (_augmented,), ast.Compare: (_compare,), ast.BoolOp: (_boolean,),
    ast.UnaryOp: (_unary,), ast.Constant: (_constant,), ast.If: (_condition,), ast.IfExp: (_condition,),
    ast.While: (_condition,), ast.comprehension: (_comprehension,), ast.Call: (_call,),
    ast.Subscript: (_subscript,), ast.Attribute: (_attribute,), ast.Return: (_return,), ast.Expr: (_statement,),
    ast.Assign: (_statement,),
}  # fmt: skip
