"""A submission's other modules, imported from the bytes that were read with it.

They are found after everything else, so that none can take the place of numpy or the standard library; and never
on the disk, so that no compiled file beside them runs instead.
"""

from __future__ import annotations

import importlib.machinery
import types
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder

from grader.worker.names import Names
from grader.worker.source import UnreadableError, parse


class HelperFinder(MetaPathFinder, Loader):
    """Finds modules among a submission's files.

    Args:
        files: each file's content by its path, folders separated by `/`.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self.names: dict[str, Names] = {}

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the spec of a module, package or plain folder of the submission's; None for anything else."""
        base = fullname.replace(".", "/")
        for path, is_package in ((f"{base}/__init__.py", True), (f"{base}.py", False)):
            if path in self._files:
                spec = importlib.machinery.ModuleSpec(fullname, self, origin=path, is_package=is_package)
                spec.has_location = True
                return spec
        if any(path.startswith(f"{base}/") for path in self._files):
            return importlib.machinery.ModuleSpec(fullname, None, is_package=True)
        return None

    def create_module(self, _spec: importlib.machinery.ModuleSpec) -> None:
        """Let Python make an ordinary module."""

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the module's source.

        Raises:
            SyntaxError: it is no Python.
        """
        path = str(module.__spec__.origin if module.__spec__ else "")
        try:
            tree = parse(self._files[path], path)
        except UnreadableError as error:
            text, line, column, source = error.args
            raise SyntaxError(text, (path, line, column, source)) from error
        self.names[module.__name__] = Names(tree, self.names)
        exec(compile(tree, path, "exec", dont_inherit=True), module.__dict__)  # noqa: S102  (what a box is for)
