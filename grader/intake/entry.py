"""Which file of several is the submission.

Python files (`.py`) count; notebooks (`.ipynb`) do where there is no Python file, or only such as stand back (2).
The first rule that fits decides:

1. There is one: it is the submission, whatever its name.
2. Tests, set-up files and helpers (`test_*.py`, `*_test.py`, what is below `tests/`, `setup.py`, `conftest.py`,
   `__init__.py`, `utils.py`, `helpers.py`, ...) stand back, unless there is nothing else. Of the rest, those
   that lie least deep count.
3. One of them is called `main`.
4. One of them is called as submissions are: `submission`, `solution`, `answers`, `homework`, `hw3`,
   `assignment_2`, ...
5. One is left.
6. Otherwise a person has to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from grader.intake.bounds import Refusal

_ASIDE = re.compile(
    r"(?i)tests?|test_.*|.*_tests?|conftest|setup|__init__|__main__|noxfile|util|utils|utilities|helper|helpers"
    r"|.*_utils?|.*_helpers?"
)
_USUAL = re.compile(
    r"(?i)(my[-_ ]?)?"
    r"(submission|solution|answer|homework|hw|assignment|assgn|project|proj|lab|pset|ps|exercise|ex|sheet)s?"
    r"[-_ ]?\d*[a-z]?"
)
_SHOWN = 8


def choose(names: Sequence[str]) -> tuple[str, str]:
    """Return which of these files, paths with `/`, is the submission, and what to note about that.

    Raises:
        Refusal: the rules do not tell.
    """
    python = [name for name in names if name.lower().endswith(".py")]
    notebooks = [name for name in names if name.lower().endswith(".ipynb")]
    candidates = python if not notebooks or not all(map(is_aside, python)) else notebooks
    if not candidates:
        found = f", only {listed(names)}" if names else "; hand in the file itself, no link to it"
        raise Refusal(f"there is no Python file in it{found}")
    if len(candidates) == 1:
        return candidates[0], ""
    chosen = _chosen([name for name in candidates if not is_aside(name)] or candidates)
    if candidates is notebooks:
        return chosen, f"of {len(candidates)} notebooks {chosen} was taken as the submission"
    return (
        chosen,
        f"of {len(candidates)} Python files {chosen} was taken as the submission; it can import the others",
    )


def _chosen(candidates: Sequence[str]) -> str:
    least = min(name.count("/") for name in candidates)
    top = [name for name in candidates if name.count("/") == least]
    for fits in (is_main, is_usual, lambda _: True):
        fitting = [name for name in top if fits(name)]
        if len(fitting) == 1:
            return fitting[0]
    kind, ending = ("notebooks", "ipynb") if top[0].lower().endswith(".ipynb") else ("Python files", "py")
    raise Refusal(f"several {kind} could be the submission ({listed(top)}); call one of them main.{ending}")


def is_main(name: str) -> bool:
    """Return whether a file is called `main`."""
    return PurePosixPath(name).stem.lower() == "main"


def is_usual(name: str) -> bool:
    """Return whether a file is called as submissions are."""
    return _USUAL.fullmatch(PurePosixPath(name).stem) is not None


def is_aside(name: str) -> bool:
    """Return whether a file belongs to a submission without being it, by its name."""
    path = PurePosixPath(name)
    return _ASIDE.fullmatch(path.stem) is not None or any(
        part.lower() in {"test", "tests"} for part in path.parts[:-1]
    )


def listed(names: Sequence[str]) -> str:
    """Return names for a person, the first few of many."""
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
