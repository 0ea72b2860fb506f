"""The reference solution and its companions: modules of the course's, loaded and trusted."""

from __future__ import annotations

import ast
import builtins
import hashlib
import inspect
import sys
import types
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.deadline import OverdueError, within
from grader.errors import Problem

_LOAD_SECONDS = 60.0

if sys.version_info >= (3, 14):
    import annotationlib


@dataclass(frozen=True, slots=True)
class Reference:
    """A loaded reference.

    Attributes:
        file: where it was read from.
        source: its bytes.
        module: the module.
    """

    file: Path
    source: bytes
    module: types.ModuleType

    @property
    def digest(self) -> str:
        """SHA-256 of the source."""
        return hashlib.sha256(self.source).hexdigest()

    def function(self, name: str) -> Callable[..., Any] | None:
        """Return the reference's function `name`, or None when it has none."""
        function = getattr(self.module, name, None)
        return function if callable(function) else None

    def names(self) -> list[str]:
        """Return the names of what it defines itself."""
        own = self.module.__name__
        return [name for name, value in vars(self.module).items() if getattr(value, "__module__", "") == own]


def parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the parameters that `function` takes by position.

    Raises:
        TypeError, ValueError: nobody knows them.
    """
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(p.name for p in signature_of(function).parameters.values() if p.kind in by_position)


def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    """Return the signature of `function`; its annotations may be for a type checker alone.

    Raises:
        TypeError, ValueError: it does not tell.
    """
    if sys.version_info >= (3, 14):
        # They are evaluated when they are asked for, and a name in them may be missing; their text is not.
        return inspect.signature(function, annotation_format=annotationlib.Format.STRING)
    return inspect.signature(function)


_GIVEN = frozenset({"np", "numpy", *dir(builtins)})


def helper_source(reference: Reference, name: str, given: Collection[str]) -> str:
    """Return the source of a helper on its own: without comments, docstring and annotations.

    Args:
        reference: where it stands.
        name: the helper's.
        given: the helpers that it may call.

    Raises:
        ValueError: there is none, or it needs more than numpy (as `np`) and `given`.
    """
    tree = ast.parse(reference.source)
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    if len(found) != 1 or found[0].decorator_list:
        raise ValueError(f"{reference.file.name} has no plain function `{name}` at module level to give away")
    (function,) = found
    if ast.get_docstring(function) is not None and len(function.body) > 1:
        del function.body[0]
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            node.annotation = None
    function.returns = None
    function.body = [_without_annotation(node) for node in function.body]
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    own = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    own |= {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    more = {node.id for node in names} - own - _GIVEN - set(given)
    if more:
        raise ValueError(f"`{name}` uses {', '.join(sorted(more))}: what is given away uses numpy (as `np`) alone")
    return ast.unparse(function)


def _without_annotation(node: ast.stmt) -> ast.stmt:
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return ast.copy_location(ast.Assign([node.target], node.value), node)
    return node


def load_companion(file: Path, also: Mapping[str, types.ModuleType]) -> Reference | Problem:
    """Run a module that goes with a reference, while `also` can be imported by name."""
    before = {name: sys.modules.get(name) for name in also}
    sys.modules.update(also)
    try:
        return load_reference(file, "this module")
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def load_reference(file: Path, called: str = "the reference") -> Reference | Problem:
    """Run the module in `file`, which a problem calls so; one that cannot be run is a problem of its author's."""
    try:
        source = file.read_bytes()
    except OSError as error:
        return Problem(file, 1, "", f"{called} cannot be read: {error.strerror}")
    except ValueError as error:
        return Problem(file, 1, "", f"this is no file name: {error}")
    name = f"reference_{file.stem}"
    module = types.ModuleType(name)
    module.__file__ = str(file)
    # Dataclasses and typing look a class's module up by its name.
    sys.modules[name] = module
    try:
        # Compiled from the bytes that were digested: no cached bytecode can stand in for them.
        code = compile(source, str(file), "exec", dont_inherit=True)
        within(_LOAD_SECONDS, lambda: exec(code, module.__dict__))  # noqa: S102  (trusted code of the course)
    except OverdueError as error:
        return Problem(file, 1, "", f"{called} does not load within {error.seconds:g} s")
    except (Exception, SystemExit) as error:  # noqa: BLE001  (an author's code may raise anything)
        # A syntax error may also be in what the reference imports.
        if isinstance(error, SyntaxError) and error.filename == str(file):
            return Problem(file, error.lineno or 1, "", f"{called} has a syntax error: {error.msg}")
        return Problem(file, _line(error, file), "", f"{called} raises {type(error).__name__}: {error}")
    return Reference(file, source, module)


def _line(error: BaseException, file: Path) -> int:
    line, step = 1, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == str(file):
            line = step.tb_lineno
        step = step.tb_next
    return line
