"""Which names of a module are the student's own, and which came with a star import alone."""

from __future__ import annotations

import ast
import contextlib
import dis
import functools
import sys
import types
import warnings
from collections.abc import Callable, Iterator, Mapping

from grader.wire import Value

_MISSING = object()
_STAR = ("*",)
_LOAD_NAME, _LOAD_CONST, _STORE_NAME = map(dis.opmap.__getitem__, ("LOAD_NAME", "LOAD_CONST", "STORE_NAME"))
# Those of one statement end here; an expression's value is dropped, a condition jumps.
_ENDS = frozenset(number for name, number in dis.opmap.items() if name == "POP_TOP" or "JUMP" in name)
_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
# How far an argument is shifted: since Python 3.11 the lowest bit of one says how a function will be called.
_LOADS = {dis.opmap["LOAD_NAME"]: 0, dis.opmap["LOAD_GLOBAL"]: int(sys.version_info >= (3, 11))}
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
        tree: the module, or what makes it: most modules have no star import, and it is not needed.
        helpers: the names of the submission's other modules, by module; a star import of one of these brings the
            student's own.
        code: the module, compiled; by default the tree is.
    """

    def __init__(
        self,
        tree: ast.Module | Callable[[], ast.Module] | None = None,
        helpers: Mapping[str, Names] | None = None,
        code: types.CodeType | None = None,
    ) -> None:
        self._tree, self._code = tree, code
        self._helpers: Mapping[str, Names] = {} if helpers is None else helpers

    def uses(self) -> dict[str, Value]:
        """Return, for each function and class at module level, the module's own names that occur in it.

        Its decorators and the defaults of its arguments are part of it.
        """
        codes = [self._code] if self._code else self._compiled()
        own = {name for code in codes for name in code.co_names}
        return {name: sorted(names & own - {name}) for code in codes for name, names in _defined(code)}

    def owns(self, module: types.ModuleType, name: str) -> bool:
        """Whether `module` has `name`, and by more than a star import."""
        return name in module.__dict__ and not self.star_source(module, name)

    def star_source(self, module: types.ModuleType, name: str) -> str:
        """Return the module whose star import alone binds `name`; empty when none does."""
        if self._code is not None and _STAR not in self._code.co_consts:
            return ""
        kept, stars = self._imports
        if name in kept:
            return ""
        value = module.__dict__.get(name, _MISSING)
        for source in stars:
            origin = sys.modules.get(source)
            if origin is not None and getattr(origin, name, _MISSING) is value is not _MISSING:
                helper = self._helpers.get(source)
                return source if helper is None else helper.star_source(origin, name)
        return ""

    @functools.cached_property
    def _imports(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """The names that no star import takes away again, and the modules of the star imports."""
        kept: set[str] = set()
        stars: list[str] = []
        for node in _module_level(self._parsed()):
            # Not a definition's: a later star import may have put its own in the place of it.
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                kept.add(node.id)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    if alias.name == "*":
                        stars.append(str(getattr(node, "module", "")))
                    else:
                        kept.add(alias.asname or alias.name.partition(".")[0])
        return frozenset(kept), tuple(stars)

    def _parsed(self) -> ast.Module:
        with _silence():
            tree = self._tree() if callable(self._tree) else self._tree
        return tree or ast.Module([], [])

    def _compiled(self) -> list[types.CodeType]:
        """Return each statement, compiled: one of which nothing can be made costs no other."""
        codes = []
        with _silence():
            for node in self._parsed().body:
                module, flags = ast.Module([node], []), ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
                with contextlib.suppress(SyntaxError, ValueError, RecursionError):
                    codes.append(compile(module, "<module>", "exec", flags, dont_inherit=True))
        return codes


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep back what Python warns of: it has said so when the module was run, and no call has printed it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _defined(code: types.CodeType) -> Iterator[tuple[str, set[str]]]:
    """Yield each function and class of a module, with the names that its definition reads."""
    names, defines, more = set[str](), False, 0
    for operation, low in zip(code.co_code[::2], code.co_code[1::2], strict=True):
        number = more | low
        more = number << 8 if operation == dis.EXTENDED_ARG else 0
        if operation == _LOAD_NAME:
            names.add(code.co_names[number])
        elif operation == _LOAD_CONST and isinstance(body := code.co_consts[number], types.CodeType):
            names |= loaded(body)
            defines = defines or body.co_name not in _COMPREHENSIONS
        elif operation == _STORE_NAME or operation in _ENDS:
            if defines and operation == _STORE_NAME:
                yield code.co_names[number], names
            names, defines = set(), False


def loaded(code: types.CodeType) -> set[str]:
    """Return the global names that a function's code reads, those of functions within it included."""
    names, waiting = set[str](), [code]
    while waiting:
        code = waiting.pop()
        operations, arguments = code.co_code[::2], code.co_code[1::2]
        for at, operation in enumerate(operations):
            if operation in _LOADS:
                number = arguments[at]
                if at and operations[at - 1] == dis.EXTENDED_ARG:
                    number |= arguments[at - 1] << 8
                names.add(code.co_names[number >> _LOADS[operation]])
        waiting += [inner for inner in code.co_consts if isinstance(inner, types.CodeType)]
    return names


def _module_level(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run at module level: all but the insides of scopes, and annotations without a value."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.AnnAssign) and child.value is None:
            continue
        yield child
        if not isinstance(child, _SCOPES):
            yield from _module_level(child)
