"""A notebook's file to a Python source: cell after cell, each line of which keeps its number within its cell."""

from __future__ import annotations

from dataclasses import dataclass

from grader.notebook.content import read_cells
from grader.notebook.magics import python_lines
from grader.notebook.prose import Section, sections


@dataclass(frozen=True, slots=True)
class Notebook:
    """What there is to grade in a notebook.

    Attributes:
        source: the code of its cells, one after another, as a Python source in UTF-8.
        cells: the line of the source with which each of them starts.
        sections: its Markdown.
    """

    source: bytes
    cells: tuple[int, ...]
    sections: tuple[Section, ...]


def read_notebook(content: bytes) -> Notebook:
    """Return what there is to grade in a notebook's file; nothing of it is run, or parsed as Python.

    Raises:
        NotebookError: it is none, or larger than one is.
        MissingLibraryError: the library that reads notebooks is not installed.
    """
    found = read_cells(content)
    lines: list[str] = []
    first = []
    for cell in found:
        # Jupyter does not run a cell without code, and does not count it.
        if cell.kind == "code" and cell.text.strip():
            first.append(len(lines) + 1)
            lines += python_lines(cell.text)
    source = "".join(f"{line}\n" for line in lines)
    prose = sections(cell.text for cell in found if cell.kind != "code")
    # A half of a surrogate pair is no text; JSON can spell one.
    return Notebook(source.encode(errors="replace"), tuple(first), prose)
