"""A notebook's code: one cell after another, each on its own, so that one that fails costs no other.

The parent has joined the cells to one source, of which it says where each begins. They are parsed one by one, with
the line numbers of the whole. Then the parent asks for one statement after another, so that it knows which one
does not come back. In a cell that fails, what follows the failing statement is looked through for definitions
(`definitions`), as in a file of which the top level fails; the other cells run.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import types
from collections.abc import Coroutine, Sequence
from typing import Any

from grader.wire import Value
from grader.worker import letters
from grader.worker.definitions import definitions
from grader.worker.exceptions import describe
from grader.worker.source import NO_PYTHON, UnreadableError, keep_lines, parse_text

_MAX_SKIPPED = 100


class Cells:
    """The cells of one notebook.

    Attributes:
        flags: the compiler's, for what is imported from `__future__`.
        unread: the line of each cell that is no Python, and why it is not.

    Args:
        source: their code, joined.
        name: of the notebook's file, for messages.
        first: the line of the source with which each cell begins, from 1.
    """

    def __init__(self, source: bytes, name: str, first: Sequence[int]) -> None:
        text = source.decode(errors="replace")
        lines = text.split("\n")
        keep_lines(text, name)
        self.flags = 0
        self.unread: list[tuple[int, str]] = []
        self._name = name
        self._failed: set[int] = set()
        self._told: set[int] = set()
        self._bodies: list[list[ast.stmt]] = [
            self._parsed("\n".join(lines[start - 1 : end - 1]), start - 1)
            for start, end in zip(first, [*first[1:], len(lines) + 1][: len(first)], strict=True)
        ]

    def _parsed(self, text: str, before: int) -> list[ast.stmt]:
        try:
            tree = parse_text(text, self._name)
        except UnreadableError as error:
            message, line, *_ = error.args
            self.unread.append((before + max(line, 1), NO_PYTHON + message))
            return []
        return ast.increment_lineno(tree, before).body

    @property
    def tree(self) -> ast.Module:
        """All that could be parsed, as if it were one file."""
        return ast.Module([node for body in self._bodies for node in body], [])

    @property
    def statements(self) -> list[Value]:
        """For each cell, the line with which each of its statements begins."""
        return [[node.lineno for node in body] for body in self._bodies]

    def run(  # noqa: PLR0913, PLR0917  (a letter's items)
        self, module: types.ModuleType, number: int, cell: int, start: int, end: int, whole: bool
    ) -> tuple[Value, ...]:
        """Run statements of a cell, and return the letter that says which lines were left out, and why.

        Args:
            module: the student's.
            number: of the letter; the answer repeats it.
            cell: from 0.
            start: the first of the statements, from 0.
            end: one behind the last of them.
            whole: whether all of them run, or definitions only; these only also when the cell has failed before.
        """
        body, skipped = self._bodies[cell][start:end], list[tuple[int, str]]()
        whole = whole and cell not in self._failed
        rest = self._rest(body, module, skipped) if whole else body
        if whole and rest:
            self._failed.add(cell)
        for node, kept in definitions(ast.Module(rest, []), 0):
            if kept:
                self._step(node, module, skipped)
            elif not (whole and node is rest[0]):
                self._note(skipped, node.lineno, "")
        return (letters.RAN, number, skipped[:_MAX_SKIPPED])

    def _note(self, skipped: list[tuple[int, str]], line: int, error: str) -> None:
        # What failed once may be tried again as a definition.
        if line not in self._told:
            self._told.add(line)
            skipped.append((line, error))

    def _rest(
        self, body: list[ast.stmt], module: types.ModuleType, skipped: list[tuple[int, str]]
    ) -> list[ast.stmt]:
        """Run statements up to the first that fails, and return them from that one on."""
        for number, node in enumerate(body):
            if not self._step(node, module, skipped):
                return body[number:]
        return []

    def _step(self, node: ast.stmt, module: types.ModuleType, skipped: list[tuple[int, str]]) -> bool:
        """Run one statement; return whether it came to its end, and note what it raised if it did not."""
        try:
            flags = self.flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            code = compile(ast.Module([node], []), self._name, "exec", flags, dont_inherit=True)
            made = eval(code, module.__dict__)  # noqa: S307  (what a box is for; `exec` would not give the coroutine)
            if code.co_flags & inspect.CO_COROUTINE:
                _finish(made)
        except BaseException as error:  # noqa: BLE001  (SystemExit ends a cell, as Jupyter has it)
            step = error.__traceback__
            while step is not None and step.tb_frame.f_globals is not module.__dict__:
                step = step.tb_next
            type_name, text, *_ = describe(error, self._name)
            self._note(skipped, step.tb_lineno if step else node.lineno, f"{type_name}: {text}".removesuffix(": "))
            return False
        return True


def _finish(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Run what awaits at the top level, as Jupyter does; there is no loop of events, which would take sockets."""
    with contextlib.suppress(StopIteration):
        while True:
            coroutine.send(None)
