"""Where a line of the converted source stood in the notebook: cell and line."""

from __future__ import annotations

import bisect
import re


class Places:
    """Says of lines of a notebook's source where they stood.

    Cells are counted as Jupyter's `In [4]` counts them after *Restart and run all*: those with code in them.

    Args:
        name: of the notebook's file, as tracebacks have it.
        cells: the first line of each cell, in the converted source.
    """

    def __init__(self, name: str, cells: tuple[int, ...]) -> None:
        self._cells = cells
        self._line = re.compile(
            rf'((?:File "|\(){re.escape(name)}"?, )line (\d{{1,9}})\b|({re.escape(name)}):(\d{{1,9}}):'
        )

    def of(self, line: int) -> tuple[int, int]:
        """Return cell and line, both from 1; cell 0 and the line itself when it stood in none."""
        cell = bisect.bisect_right(self._cells, line)
        return (cell, line - self._cells[cell - 1] + 1) if line and cell else (0, line)

    def said(self, line: int) -> str:
        """Return cell and line in words: `cell 4, line 2`."""
        return place(*self.of(line))

    def in_text(self, text: str) -> str:
        """Return a traceback, or what was printed, with its places in this file as cell and line."""
        if not self._cells or not text:
            return text
        return self._line.sub(self._replaced, text)

    def _replaced(self, match: re.Match[str]) -> str:
        before, line = (match[1], match[2]) if match[1] else (f"{match[3]}, ", match[4])
        return before + self.said(int(line)) + ("" if match[1] else ":")


FILE = Places("", ())
"""For a file that is no notebook: every line is the one that it says."""


def place(cell: int, line: int) -> str:
    """Return a place in words; a file that is no notebook has no cells."""
    return f"cell {cell}, line {line}" if cell else f"line {line}"
