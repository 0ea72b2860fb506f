"""Which names of a module are the student's own, and which came with a star import alone."""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Iterator, Mapping

from grader.wire import Value

_MISSING = object()
_SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


class Names:
    """The names that a module's source binds.

    Args:
        tree: the module.
        helpers: the names of the submission's other modules, by module; a star import of one of these brings the
            student's own.
    """

    def __init__(self, tree: ast.Module | None = None, helpers: Mapping[str, Names] | None = None) -> None:
        self._bound: set[str] = set()
        self._kept: set[str] = set()
        self._stars: list[str] = []
        self._functions: dict[str, ast.AST] = {}
        self._helpers: Mapping[str, Names] = {} if helpers is None else helpers
        for node in _module_level(tree) if tree else ():
            self._note(node)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            # A later star import may have put its own in the place of this one.
            self._bound.add(node.name)
            self._functions[node.name] = node
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self._bound.add(node.id)
            self._kept.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if alias.name == "*":
                    self._stars.append(str(getattr(node, "module", "")))
                else:
                    name = alias.asname or alias.name.partition(".")[0]
                    self._bound.add(name)
                    self._kept.add(name)

    def uses(self) -> dict[str, Value]:
        """Return, for each function at module level, the module's own names that occur in it."""
        return {
            name: sorted({node.id for node in ast.walk(body) if isinstance(node, ast.Name)} & self._bound - {name})
            for name, body in self._functions.items()
        }

    def owns(self, module: types.ModuleType, name: str) -> bool:
        """Whether `module` has `name`, and by more than a star import."""
        return name in module.__dict__ and not self.star_source(module, name)

    def star_source(self, module: types.ModuleType, name: str) -> str:
        """Return the module whose star import alone binds `name`; empty when none does."""
        if name in self._kept:
            return ""
        value = module.__dict__.get(name, _MISSING)
        for source in self._stars:
            origin = sys.modules.get(source)
            if origin is not None and getattr(origin, name, _MISSING) is value is not _MISSING:
                helper = self._helpers.get(source)
                return source if helper is None else helper.star_source(origin, name)
        return ""


def _module_level(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run at module level: all but the insides of scopes, and annotations without a value."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.AnnAssign) and child.value is None:
            continue
        yield child
        if not isinstance(child, _SCOPES):
            yield from _module_level(child)
