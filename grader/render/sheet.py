"""Lines of CSV for a spreadsheet: numbers stay numbers, and a stranger's text stays text.

A spreadsheet runs a cell that starts with `=`, `+`, `-` or `@` as a formula, quoted or not (OWASP, *CSV
Injection*; CWE-1236), and in some languages their full-width forms, too. Such a text gets an apostrophe in front,
which says *text* to a spreadsheet. The same goes for such a character after a semicolon or another separator:
where a comma stands in numbers, a spreadsheet takes semicolons to separate cells. Tabs, line breaks and all that
could hide or reverse text are written out (`grader.plainly`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

from grader.plainly import printable
from grader.report import plain

Cell: TypeAlias = str | Decimal | int | None
"""A text, a number, or nothing."""

BOM = "\ufeff"
"""Before a file, it tells Excel that the rest is UTF-8."""

# In order: themselves, the full-width forms, the small forms.
_FORMULA = re.compile("(^|[;,|])(\\s*)(?=[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b])")


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield a line of CSV for each row, with its line feed."""
    # `writerow` returns what `write` does: the line itself.
    writer = csv.writer(_Line(), lineterminator="\n")
    for row in rows:
        yield writer.writerow([_shown(cell) for cell in row])


def safe(text: str) -> str:
    """Return a stranger's text as one that no spreadsheet runs, on one line."""
    return _FORMULA.sub(r"\1\2'", printable(text))


def _shown(cell: Cell) -> str | int | None:
    if isinstance(cell, Decimal):
        return plain(cell)
    return safe(cell) if isinstance(cell, str) else cell


class _Line:
    """Where the writer writes to: nowhere."""

    def write(self, line: str) -> str:
        """Give the line back."""
        return line
