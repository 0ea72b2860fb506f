"""What a change of one name can change: the names of a module that use it, directly or not."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def dependents(source: str) -> dict[str, frozenset[str]]:
    """Return, for each name that a module binds at its top level, itself and all that use it, by name."""
    uses: dict[str, set[str]] = {}
    for node in ast.parse(source).body:
        mentioned = {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}
        for name in _bound(node):
            uses.setdefault(name, set()).update(mentioned)
    return {name: _closure(name, uses) for name in uses}


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    else:
        yield from (item.id for item in ast.walk(node) if isinstance(item, ast.Name) and _is_stored(item))


def _is_stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _closure(name: str, uses: dict[str, set[str]]) -> frozenset[str]:
    found = {name}
    while more := {user for user, used in uses.items() if used & found} - found:
        found |= more
    return frozenset(found)
