"""`grader compare OLD NEW`: what a changed rubric, key or grader does to marks that were given."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console

from grader.compare import compare
from grader.errors import UserError
from grader.render.compare import compare_csv, compare_table

_NARROWEST, _WIDTH = 60, 100


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for."""

    old: Path
    new: Path
    form: Literal["table", "csv", "json"]


def compare_results(request: Request) -> int:
    """Print what differs and return the exit status: 1 when somebody's marks do.

    Raises:
        UserError: there is nothing to compare, or a report cannot be read; the others are compared first.
    """
    found = compare(request.old, request.new)
    if request.form == "json":
        sys.stdout.write(found.to_json())
    elif request.form == "csv":
        sys.stdout.writelines(compare_csv(found))
    else:
        console = _Output(highlight=False)
        if console.width < _NARROWEST or not console.is_terminal:
            console.width = max(console.width, _WIDTH)
        console.print(compare_table(found))
    if found.damaged:
        raise UserError("\n".join(found.damaged))
    return int(found.differs)


class _Output(Console):
    def on_broken_pipe(self) -> None:
        """Let `finish` see it: rich would exit with 1, which here means that marks differ."""
        raise BrokenPipeError
