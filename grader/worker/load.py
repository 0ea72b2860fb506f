"""A student's source to a module, the way a fair teaching assistant would load it."""

from __future__ import annotations
import __future__

import ast
import io
import linecache
import sys
import tokenize
import types
from collections.abc import Iterator

from grader.wire import Value
from grader.worker import letters
from grader.worker.definitions import definitions
from grader.worker.exceptions import describe

# Encodings in which ASCII bytes mean ASCII: others (utf-7, rot13, punycode) can hide code from a reader.
_ENCODINGS = frozenset({"utf-8", "utf-8-sig", "ascii", "cp1250", "cp1252", "mac-roman"})
_FAMILIES = ("iso-8859-", "iso8859-", "latin-", "latin1")
_MAX_SKIPPED = 100


class Names:
    """Which names of a module are the student's own, and which came with a star import alone."""

    def __init__(self, tree: ast.Module | None = None) -> None:
        self._bound: set[str] = set()
        self._stars: list[str] = []
        self._functions: dict[str, ast.AST] = {}
        for node in _module_level(tree) if tree else ():
            self._note(node)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self._bound.add(node.name)
            self._functions[node.name] = node
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self._bound.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if alias.name == "*":
                    self._stars.append(str(getattr(node, "module", "")))
                else:
                    self._bound.add(alias.asname or alias.name.partition(".")[0])

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
        if name in self._bound:
            return ""
        missing = object()
        value = module.__dict__.get(name, missing)
        for source in self._stars:
            if getattr(sys.modules.get(source), name, missing) is value is not missing:
                return source
        return ""


def _module_level(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run at module level: all but the insides of functions, classes and lambdas."""
    scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, scopes):
            yield from _module_level(child)


def load(source: bytes, name: str, complete_until: int) -> tuple[types.ModuleType, Names, tuple[Value, ...]]:
    """Run a student's module and return it, its own names, and the letter that tells how it went.

    Args:
        source: the file's content.
        name: the file's name, for messages.
        complete_until: `WHOLE_FILE`, or the line from which on only definitions run, each on its own, so that one
            that fails costs no other.
    """
    module = types.ModuleType("submission")
    module.__file__ = name
    try:
        text = _text(source)
        tree = ast.parse(text, name)
        names = Names(tree)
    except SyntaxError as error:
        where = (error.lineno or 0, error.offset or 0, (error.text or "").rstrip("\n")[:500])
        return module, Names(), (letters.UNREADABLE, str(error.msg)[:500], *where)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        problem = f"line {line} holds bytes that are not {error.encoding}; save the file as UTF-8"
        return module, Names(), (letters.UNREADABLE, problem, line, 0, "")
    except (ValueError, MemoryError, RecursionError) as error:
        problem = str(error) if isinstance(error, ValueError) else "its expressions are nested too deeply"
        return module, Names(), (letters.UNREADABLE, problem, 0, 0, "")
    sys.modules[module.__name__] = module
    # Not `splitlines`: a form feed or a separator within a line would shift all line numbers after it.
    linecache.cache[name] = (len(text), None, io.StringIO(text, newline=None).readlines(), name)
    if complete_until == letters.WHOLE_FILE:
        return module, names, _run_whole(module, names, tree)
    return module, names, _run_definitions(module, names, tree, complete_until)


def _run_whole(module: types.ModuleType, names: Names, tree: ast.Module) -> tuple[Value, ...]:
    name = str(module.__file__)
    try:
        exec(compile(tree, name, "exec", dont_inherit=True), module.__dict__)  # noqa: S102  (what a box is for)
    except MemoryError:
        return (letters.MEMORY,)
    except BaseException as error:  # noqa: BLE001  (SystemExit at module level is a student's accident)
        step = error.__traceback__
        while step is not None and step.tb_frame.f_globals is not module.__dict__:
            step = step.tb_next
        return (letters.FAILED, step.tb_lineno if step else 0, *describe(error, name))
    return (letters.LOADED, [], names.uses())


def _text(source: bytes) -> str:
    if b"\0" in source:
        raise ValueError("it holds zero bytes, so it is not Python source; hand in the .py file itself")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    except SyntaxError:
        # It looks at two lines only and does not say which one it cannot read; this does.
        source.decode()
        raise
    if encoding not in _ENCODINGS and not encoding.startswith(_FAMILIES):
        raise ValueError(f"its encoding is declared as {encoding}; save the file as UTF-8")
    return source.decode(encoding)


def _run_definitions(
    module: types.ModuleType, names: Names, tree: ast.Module, complete_until: int
) -> tuple[Value, ...]:
    name, skipped = str(module.__file__), []
    flags = _future_flags(tree)
    for node, kept in definitions(tree, complete_until):
        if not kept:
            skipped.append((node.lineno, ""))
            continue
        single = ast.Module([node], [])
        try:
            exec(compile(single, name, "exec", flags, dont_inherit=True), module.__dict__)  # noqa: S102
        except BaseException as error:  # noqa: BLE001
            type_name, text, *_ = describe(error, name)
            skipped.append((node.lineno, f"{type_name}: {text}"))
    return (letters.LOADED, skipped[:_MAX_SKIPPED], names.uses())


def _future_flags(tree: ast.Module) -> int:
    """Return the compiler's flags for what the module imports from `__future__`, which holds for all of it."""
    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
    return flags
