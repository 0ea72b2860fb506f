"""A student's source to a module, the way a fair teaching assistant would load it."""

from __future__ import annotations
import __future__

import ast
import sys
import types
from collections.abc import Callable, Sequence

from grader.wire import Value
from grader.worker import letters, stubs
from grader.worker.cells import Cells
from grader.worker.definitions import definitions
from grader.worker.exceptions import describe
from grader.worker.helpers import HelperFinder
from grader.worker.names import Names
from grader.worker.source import UnreadableError, keep_lines, parse, parse_text, read_text

_MAX_SKIPPED = 100


def load(
    files: dict[str, bytes], entry: str, complete_until: int
) -> tuple[types.ModuleType, Names, tuple[Value, ...]]:
    """Run a student's module and return it, its own names, and the letter that tells how it went.

    Args:
        files: each source file's content by its path.
        entry: the path of the one to run; it can import the others.
        complete_until: `WHOLE_FILE`, or the line from which on only definitions run, each on its own, so that one
            that fails costs no other.
    """
    try:
        if complete_until != letters.WHOLE_FILE:
            tree = parse(files[entry], entry)
            module, names = _prepared(files, entry, tree)
            return module, names, _run_definitions(module, names, tree, complete_until)
        text = read_text(files[entry])
        work = _compiled(text, entry)
    except UnreadableError as error:
        return _module(entry), Names(), (letters.UNREADABLE, *error.args)
    keep_lines(text, entry)
    if isinstance(work, ast.Module):
        module, names = _prepared(files, entry, work)
    else:
        module, names = _prepared(files, entry, lambda: parse_text(text, entry), work)
    return module, names, _run_whole(module, names, work)


def _compiled(text: str, name: str) -> types.CodeType | ast.Module:
    """Return a file, compiled; what the compiler refuses and the parser does not, as a tree.

    Raises:
        UnreadableError: it is no Python.
    """
    try:
        return compile(text, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return parse_text(text, name)


def open_notebook(
    files: dict[str, bytes], entry: str, first: Sequence[int]
) -> tuple[types.ModuleType, Names, Cells, tuple[Value, ...]]:
    """Return the module of a notebook of which nothing has run, its names, its cells, and the letter about them.

    Args:
        files: each source file's content by its path.
        entry: the path of the notebook's.
        first: the lines with which its cells begin.
    """
    cells = Cells(files[entry], entry, first)
    tree = cells.tree
    cells.flags = _future_flags(tree)
    module, names = _prepared(files, entry, tree)
    stubs.install_in_notebook()
    unread = cells.unread[:_MAX_SKIPPED]
    return module, names, cells, (letters.OPENED, unread, names.uses(), cells.statements)


def _module(entry: str) -> types.ModuleType:
    module = types.ModuleType("submission")
    module.__file__ = entry
    return module


def _prepared(
    files: dict[str, bytes],
    entry: str,
    tree: ast.Module | Callable[[], ast.Module],
    code: types.CodeType | None = None,
) -> tuple[types.ModuleType, Names]:
    """Return an empty module that can import its neighbours, and the names that it will have."""
    module = _module(entry)
    finder = HelperFinder({path: source for path, source in files.items() if path != entry})
    sys.meta_path.append(finder)
    sys.modules[module.__name__] = module
    return module, Names(tree, finder.names, code)


def _run_whole(module: types.ModuleType, names: Names, work: types.CodeType | ast.Module) -> tuple[Value, ...]:
    name = str(module.__file__)
    try:
        code = compile(work, name, "exec", dont_inherit=True) if isinstance(work, ast.Module) else work
        exec(code, module.__dict__)  # noqa: S102  (what a box is for)
    except MemoryError:
        return (letters.MEMORY,)
    except BaseException as error:  # noqa: BLE001  (SystemExit at module level is a student's accident)
        step = error.__traceback__
        while step is not None and step.tb_frame.f_globals is not module.__dict__:
            step = step.tb_next
        return (letters.FAILED, step.tb_lineno if step else 0, *describe(error, name))
    return (letters.LOADED, [], names.uses())


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
            skipped.append((node.lineno, f"{type_name}: {text}".removesuffix(": ")))
    return (letters.LOADED, skipped[:_MAX_SKIPPED], names.uses())


def _future_flags(tree: ast.Module) -> int:
    """Return the compiler's flags for what the module imports from `__future__`, which holds for all of it."""
    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
    return flags
