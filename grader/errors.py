"""Faults that end a run: whose they are, what they say, and the exit status that they give.

A student's fault is never raised: it is an outcome, and the report carries it.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class GraderError(Exception):
    """Ends a run with a message for a person.

    Attributes:
        exit_status: what the command exits with.
    """

    exit_status = 2


class UserError(GraderError):
    """The person who typed the command can mend it: a missing file, a wrong option."""


class HostError(GraderError):
    """The machine is at fault: a process cannot be started, a folder cannot be written."""

    exit_status = 3


def told_by_the_system(error: OSError) -> str:
    """Return what the operating system says, and what to do about it where that is known."""
    if error.errno == errno.EMFILE:
        return "this process may not open enough files; allow it 64 or more, as `ulimit -n 64` does"
    return str(error)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake of an author, and where it stands.

    Attributes:
        file: the file that holds it.
        line: its line, from 1.
        field: the path of the field, `questions[0].parts[2].points`; empty for the file as a whole.
        text: what is wrong and what to do.
    """

    file: Path
    line: int
    field: str
    text: str

    def __str__(self) -> str:
        said = f"{self.file}:{self.line}: {self.field + ': ' if self.field else ''}{self.text}"
        # A line break in a key, or in what the reference raised, must not make two lines of one problem.
        return " ".join(said.splitlines())


class AuthorError(GraderError):
    """The rubric or the reference is at fault; carries every problem found, a line each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))
