"""A notebook's code: one cell after another, each on its own, so that one that fails costs no other.

The parent has joined the cells to one source, of which it says where each begins. They are parsed and run one by
one, with the line numbers of the whole. In a cell that fails, what follows the failing statement is looked through
for definitions (`definitions`), as in a file of which the top level fails; then the next cell runs.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Sequence

from grader.worker.definitions import definitions
from grader.worker.exceptions import describe
from grader.worker.source import NO_PYTHON, UnreadableError, keep_lines, parse_text


class Cells:
    """The cells of one notebook.

    Args:
        source: their code, joined.
        name: of the notebook's file, for messages.
        first: the line of the source with which each cell begins, from 1.
    """

    def __init__(self, source: bytes, name: str, first: Sequence[int]) -> None:
        text = source.decode(errors="replace")
        lines = text.split("\n")
        keep_lines(text, name)
        self._name = name
        self._trees: list[ast.Module] = []
        self.skipped: list[tuple[int, str]] = []
        for start, end in zip(first, [*first[1:], len(lines) + 1], strict=True):
            self._parse("\n".join(lines[start - 1 : end - 1]), start - 1)

    def _parse(self, text: str, before: int) -> None:
        try:
            tree = parse_text(text, self._name)
        except UnreadableError as error:
            message, line, *_ = error.args
            self.skipped.append((before + max(line, 1), NO_PYTHON + message))
            return
        self._trees.append(ast.increment_lineno(tree, before))

    @property
    def tree(self) -> ast.Module:
        """All that could be parsed, as if it were one file."""
        return ast.Module([node for tree in self._trees for node in tree.body], [])

    def run(self, module: types.ModuleType, flags: int, complete_until: int) -> None:
        """Run the cells in `module`; what is left out or raises is added to `skipped`.

        Args:
            module: the student's.
            flags: the compiler's, for what is imported from `__future__`.
            complete_until: from this line on only definitions run.
        """
        for tree in self._trees:
            whole = bool(tree.body) and (tree.body[-1].end_lineno or 0) < complete_until
            rest = self._rest(tree.body, module, flags) if whole else tree.body
            for node, kept in definitions(ast.Module(rest, []), 0):
                if kept:
                    self._note(self._step(node, module, flags))
                elif not (whole and node is rest[0]):
                    self._note((node.lineno, ""))
        self.skipped.sort()

    def _note(self, left_out: tuple[int, str] | None) -> None:
        # What failed once may be tried again as a definition.
        if left_out and left_out[0] not in {line for line, _ in self.skipped}:
            self.skipped.append(left_out)

    def _rest(self, body: list[ast.stmt], module: types.ModuleType, flags: int) -> list[ast.stmt]:
        """Run statements up to the first that fails, and return them from that one on."""
        for number, node in enumerate(body):
            error = self._step(node, module, flags)
            if error:
                self._note(error)
                return body[number:]
        return []

    def _step(self, node: ast.stmt, module: types.ModuleType, flags: int) -> tuple[int, str] | None:
        """Run one statement; return its line and what it raised, if it did."""
        try:
            exec(compile(ast.Module([node], []), self._name, "exec", flags, dont_inherit=True), module.__dict__)  # noqa: S102  (what a box is for)
        except BaseException as error:  # noqa: BLE001  (SystemExit ends a cell, as Jupyter has it)
            step = error.__traceback__
            while step is not None and step.tb_frame.f_globals is not module.__dict__:
                step = step.tb_next
            type_name, text, *_ = describe(error, self._name)
            return step.tb_lineno if step else node.lineno, f"{type_name}: {text}"
        return None
