"""The reference solution: a module of the course's, loaded and trusted."""

from __future__ import annotations

import hashlib
import inspect
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import Problem


@dataclass(frozen=True, slots=True)
class Reference:
    """A loaded reference.

    Attributes:
        file: where it was read from.
        digest: SHA-256 of its source.
        module: the module.
    """

    file: Path
    digest: str
    module: types.ModuleType

    def function(self, name: str) -> Callable[..., Any] | None:
        """Return the reference's function `name`, or None when it has none."""
        function = getattr(self.module, name, None)
        return function if callable(function) else None

    def names(self) -> list[str]:
        """Return the names of what it defines itself."""
        own = self.module.__name__
        return [name for name, value in vars(self.module).items() if getattr(value, "__module__", "") == own]


def parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the parameters that `function` takes by position."""
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(p.name for p in inspect.signature(function).parameters.values() if p.kind in by_position)


def load_reference(file: Path) -> Reference | Problem:
    """Run the module in `file`; a module that cannot be run is a problem of its author's."""
    try:
        source = file.read_bytes()
    except OSError as error:
        return Problem(file, 1, "", f"the reference cannot be read: {error.strerror}")
    except ValueError as error:
        return Problem(file, 1, "", f"this is no file name: {error}")
    name = f"reference_{file.stem}"
    module = types.ModuleType(name)
    module.__file__ = str(file)
    # Dataclasses and typing look a class's module up by its name.
    sys.modules[name] = module
    try:
        # Compiled from the bytes that were digested: no cached bytecode can stand in for them.
        exec(compile(source, str(file), "exec", dont_inherit=True), module.__dict__)  # noqa: S102  (trusted code of the course)
    except (Exception, SystemExit) as error:  # noqa: BLE001  (an author's code may raise anything)
        # A syntax error may also be in what the reference imports.
        if isinstance(error, SyntaxError) and error.filename == str(file):
            return Problem(file, error.lineno or 1, "", f"the reference has a syntax error: {error.msg}")
        return Problem(file, _line(error, file), "", f"the reference raises {type(error).__name__}: {error}")
    return Reference(file, hashlib.sha256(source).hexdigest(), module)


def _line(error: BaseException, file: Path) -> int:
    line, step = 1, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == str(file):
            line = step.tb_lineno
        step = step.tb_next
    return line
