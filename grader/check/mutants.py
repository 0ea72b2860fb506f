"""A module's source to its mutants: each has one function changed in one place, as a slip changes it."""

from __future__ import annotations

import ast
import copy
import difflib
import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from grader.check.operators import changes

MAX_PER_FUNCTION = 80
"""Of a longer list every k-th mutant is kept: a rubric must be proved in a coffee break."""

_Path: TypeAlias = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one function changed.

    Attributes:
        id: function, operator and a digest of the changed function: an edit elsewhere makes no other id.
        function: the name of the one that is changed.
        operator: what kind of slip it is.
        source: of the whole module.
        diff: of the function, as a unified diff.
    """

    id: str
    function: str
    operator: str
    source: str
    diff: str


def mutants(source: str, functions: Collection[str], most: int = MAX_PER_FUNCTION) -> list[Mutant]:
    """Return the mutants of some of a module's functions, in the order of the source; none twice.

    Args:
        source: of the module.
        functions: names of functions at its top level.
        most: of one function.
    """
    tree = ast.parse(source)
    made: list[Mutant] = []
    for number, node in enumerate(tree.body):
        if isinstance(node, ast.FunctionDef) and node.name in functions:
            made += _thinned(list(_of_function(tree, number, _plain(node))), most)
    return made


def _of_function(tree: ast.Module, number: int, function: ast.FunctionDef) -> Iterator[Mutant]:
    right = ast.unparse(function)
    known = {right}
    rest = ast.Module([*tree.body], tree.type_ignores)
    for path in _paths(function):
        for operator, other in changes(_at(function, path)):
            mutated = copy.deepcopy(function)
            _put(mutated, path, copy.deepcopy(other))
            text = ast.unparse(mutated)
            if text in known:
                continue
            known.add(text)
            rest.body[number] = mutated
            digest = hashlib.sha256(repr(_essence(mutated)).encode()).hexdigest()[:8]
            name = f"{function.name}/{operator}/{digest}"
            yield Mutant(name, function.name, operator, ast.unparse(rest), _diff(right, text))


def _essence(node: Any) -> Any:
    """Return a syntax tree as plain values, the same in every version of Python that can read its source."""
    if isinstance(node, list):
        return [_essence(item) for item in node]
    if not isinstance(node, ast.AST):
        return node
    fields = ((name, value) for name, value in ast.iter_fields(node) if value is not None and value != [])
    return type(node).__name__, [(name, _essence(value)) for name, value in fields]


def _plain(function: ast.FunctionDef) -> ast.FunctionDef:
    """Return a function without docstring and annotations, which change no answer."""
    plain = _WithoutAnnotations().visit(copy.deepcopy(function))
    assert isinstance(plain, ast.FunctionDef)
    if ast.get_docstring(plain) is not None and len(plain.body) > 1:
        del plain.body[0]
    return plain


class _WithoutAnnotations(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return ast.copy_location(ast.Assign([node.target], node.value), node)


def _paths(node: ast.AST, here: _Path = ()) -> Iterator[_Path]:
    """Yield the way to every node that an operator may change, outermost first."""
    if here:
        yield here
    for name, value in ast.iter_fields(node):
        items = enumerate(value) if isinstance(value, list) else [(None, value)]
        for index, item in items:
            if isinstance(item, ast.AST) and not _has_its_own(item) and name != "decorator_list":
                yield from _paths(item, (*here, (name, index)))


def _has_its_own(node: ast.AST) -> bool:
    """Whether a call's operators look after this keyword already."""
    return isinstance(node, ast.keyword) and node.arg in {"axis", "keepdims"}


def _at(node: Any, path: _Path) -> ast.AST:
    for name, index in path:
        value = getattr(node, name)
        node = value if index is None else value[index]
    assert isinstance(node, ast.AST)
    return node


def _put(node: ast.AST, path: _Path, other: ast.AST) -> None:
    parent = _at(node, path[:-1])
    name, index = path[-1]
    if index is None:
        setattr(parent, name, other)
    else:
        getattr(parent, name)[index] = other


def _thinned(items: list[Mutant], most: int) -> list[Mutant]:
    return items if len(items) <= most else [items[len(items) * number // most] for number in range(most)]


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "reference", "mutant", n=1, lineterm="")
    return "\n".join(lines)
